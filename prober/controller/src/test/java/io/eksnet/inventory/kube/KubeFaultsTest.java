package io.eksnet.inventory.kube;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.MovedClock;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class KubeFaultsTest {
  private static final String SERVICES = "/api/v1/services";
  private static final String PODS = "/api/v1/pods";
  private static final String SLICES = "/apis/discovery.k8s.io/v1/endpointslices";
  private static final String EVENTS = "/api/v1/events";
  private static final String BINDINGS = "/apis/elbv2.k8s.aws/v1beta1/targetgroupbindings";
  private static final String AUTO_BINDINGS = "/apis/eks.amazonaws.com/v1/targetgroupbindings";

  private FaultyApi api;

  @BeforeEach
  void startApiServer() {
    api = new FaultyApi();
    service("api");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private void service(String name) {
    api.put(
        SERVICES,
        "shop",
        name,
        new JsonObject()
            .put("apiVersion", "v1")
            .put("kind", "Service")
            .put(
                "spec",
                new JsonObject()
                    .put("type", "ClusterIP")
                    .put("clusterIP", "172.20.9.9")
                    .put("clusterIPs", new JsonArray(List.of("172.20.9.9")))));
  }

  private KubeBench bench() {
    return new KubeBench(api.url(), KubeBench.QUICK);
  }

  private static boolean named(List<KubeService> services, String... names) {
    return services.stream().map(KubeService::name).toList().equals(List.of(names));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "401, DENIED",
    "403, DENIED",
    "404, ABSENT",
    "429, THROTTLED",
    "500, ERROR",
    "-1, TIMEOUT"
  })
  void isUnavailableUntilTheListSucceeds(int code, Unavailable.Reason why) {
    api.lists(SERVICES, code);
    try (var bench = bench()) {
      bench.awaitLack(Resources.SERVICES, why);

      api.lists(SERVICES, 0);

      bench.await(Resources.SERVICES, services -> named(services, "api"));
    }
  }

  @Test
  void retriesADeniedListWithinSeconds() {
    var patient =
        new KubeSettings(
            ofSeconds(15),
            ofMillis(50),
            ofSeconds(2),
            ofMillis(700),
            Duration.ofMinutes(5),
            ofSeconds(30),
            1_000);
    api.lists(SERVICES, 403);
    try (var bench = new KubeBench(api.url(), patient)) {
      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.DENIED);

      api.lists(SERVICES, 0);

      bench.await(Resources.SERVICES, services -> named(services, "api"));
    }
  }

  @Test
  void detectsOutageAndRecoveryAfterTheClockIsSetBack() {
    var set = new AtomicReference<>(Duration.ZERO);
    var system = InstantSource.system();
    InstantSource clock = () -> system.instant().plus(set.get());
    try (var bench = new KubeBench(api.url(), KubeBench.QUICK, clock.withZone(ZoneOffset.UTC))) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      set.set(Duration.ofHours(-1));
      api.everything(500);
      api.cutAll();

      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.ERROR);
      set.set(Duration.ofHours(-2));
      api.everything(0);
      bench.await(Resources.SERVICES, services -> named(services, "api"));
    }
  }

  @Test
  void isUnavailableIfOnlyTheWatchIsDenied() {
    api.watches(SERVICES, 403);
    try (var bench = bench()) {
      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.DENIED);

      api.watches(SERVICES, 0);

      bench.await(Resources.SERVICES, services -> named(services, "api"));
    }
  }

  @Test
  void deniedKindDoesNotAffectOthers() {
    api.serve(PODS);
    api.lists(PODS, 403);
    try (var bench = bench()) {
      bench.awaitLack(Resources.PENDING_PODS, Unavailable.Reason.DENIED);
      bench.await(Resources.SERVICES, services -> named(services, "api"));
      assertThat(bench.lack(Resources.COMPONENTS)).isPresent();
    }
  }

  @Test
  void isUnavailableAndNotEmptyAfterPermissionsAreRevoked() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      api.lists(SERVICES, 403);
      api.watches(SERVICES, 403);
      api.cut(SERVICES);

      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.DENIED);
      service("late");
      api.lists(SERVICES, 0);
      api.watches(SERVICES, 0);
      bench.await(Resources.SERVICES, services -> named(services, "api", "late"));
    }
  }

  @Test
  void reconnectsAnInterruptedWatchAndCatchesUp() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      api.watches(SERVICES, 500);
      api.cut(SERVICES);
      bench.until("services are not known", () -> bench.lack(Resources.SERVICES).isPresent());
      service("web");
      api.remove(SERVICES, "shop", "api");
      api.watches(SERVICES, 0);

      bench.await(Resources.SERVICES, services -> named(services, "web"));
    }
  }

  @Test
  void relistsAfterResourceVersionExpired() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      api.removeSilently(SERVICES, "shop", "api");
      api.gone(SERVICES);

      bench.await(Resources.SERVICES, List::isEmpty);
    }
  }

  @Test
  void isUnavailableWhenTheApiServerHangsThoughWatchesAreOpen() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      api.everything(FaultyApi.HANG);

      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.TIMEOUT);
      var health = health(bench, "services");
      assertThat(health.lack()).isPresent();
      assertThat(health.objects()).isEqualTo(1);

      api.everything(0);
      bench.await(Resources.SERVICES, services -> named(services, "api"));
      assertThat(health(bench, "services").lastGood()).isAfter(health.lastGood());
    }
  }

  @Test
  void isUnavailableWhenTheApiServerFails() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      api.everything(500);
      api.cutAll();

      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.ERROR);
      api.everything(0);
      bench.await(Resources.SERVICES, services -> named(services, "api"));
    }
  }

  /** Quick, but for bookmarks of 200 ms. */
  private static final KubeSettings SHORT_SILENCE = quickWithSilence(ofMillis(1_500));

  private static KubeSettings quickWithSilence(Duration silence) {
    return new KubeSettings(
        ofSeconds(15), ofMillis(50), ofSeconds(2), ofMillis(700), ofMillis(800), silence, 1_000);
  }

  @Test
  void noticesASilentWatchByItsMissingBookmarks() {
    try (var bench = new KubeBench(api.url(), SHORT_SILENCE)) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      api.freezeWatches();
      api.remove(SERVICES, "shop", "api");

      bench.await(Resources.SERVICES, List::isEmpty);
      assertThat(api.versions(SERVICES)).containsSubsequence("0", "none");
    }
  }

  @Test
  void isUnavailableWhileNoWatchGetsAnythingThoughListsSucceed() {
    try (var bench = new KubeBench(api.url(), SHORT_SILENCE)) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      api.deaf(true);
      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.ERROR);
      var lists = api.listCount(SERVICES);
      bench.until(
          "two more lists",
          () -> {
            assertThat(bench.unavailable(Resources.SERVICES).map(Unavailable::detail))
                .hasValueSatisfying(detail -> assertThat(detail).contains("not even a bookmark"));
            return api.listCount(SERVICES) >= lists + 2;
          });

      api.deaf(false);
      bench.await(Resources.SERVICES, services -> named(services, "api"));
    }
  }

  @Test
  void keepsAQuietWatchThatHasBookmarks() {
    try (var bench = new KubeBench(api.url(), SHORT_SILENCE)) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));
      var asked = api.versions(SERVICES).size();
      var start = System.nanoTime();
      var lost = new AtomicBoolean();

      bench.until(
          "two silences later",
          () -> {
            lost.compareAndSet(false, bench.read(Resources.SERVICES).isEmpty());
            return System.nanoTime() - start > ofSeconds(3).toNanos();
          });

      assertThat(lost).isFalse();
      assertThat(api.versions(SERVICES)).hasSize(asked);
    }
  }

  /** kube-apiserver sends no bookmarks for events: the end of the watch takes their place. */
  @Test
  void keepsQuietEventsFreshWithoutBookmarks() {
    api.serveWithoutBookmarks(EVENTS);
    api.serve(PODS);
    var clock = new MovedClock(Instant.parse("2026-11-30T08:00:00Z"));
    try (var bench =
        new KubeBench(api.url(), quickWithSilence(KubeSettings.DEFAULT.silence()), clock)) {
      bench.await(Resources.SANDBOX_FAILURES, List::isEmpty);
      for (var watch = 2; watch <= 5; watch++) {
        var opened = watch + 1;
        clock.forward(ofSeconds(100));
        api.cut(EVENTS);
        bench.until("another watch", () -> api.versions(EVENTS).size() >= opened);
        bench.await(Resources.SANDBOX_FAILURES, List::isEmpty);
      }

      assertThat(api.listCount(EVENTS)).isEqualTo(1);
      assertThat(api.timeouts(EVENTS)).containsOnly("100");
    }
  }

  @Test
  void noticesThatAWatchOfEventsDoesNotEndInTime() {
    api.serveWithoutBookmarks(EVENTS);
    api.serve(PODS);
    try (var bench = new KubeBench(api.url(), SHORT_SILENCE)) {
      bench.await(Resources.SANDBOX_FAILURES, List::isEmpty);

      api.deaf(true);
      bench.awaitLack(Resources.SANDBOX_FAILURES, Unavailable.Reason.ERROR);
      api.deaf(false);

      bench.await(Resources.SANDBOX_FAILURES, List::isEmpty);
    }
  }

  @Test
  void restartsAllWatchesWhenTheApiServerAnswersAgain() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));
      bench.until("the watch is open", () -> api.standing() > 0);

      api.freezeWatches();
      api.remove(SERVICES, "shop", "api");
      api.everything(500);
      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.ERROR);
      api.everything(0);

      bench.await(Resources.SERVICES, List::isEmpty);
    }
  }

  @Test
  void continuesAWatchThatTheServerEndsWithoutAList() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));
      bench.until("the watch is open", () -> api.standing() > 0);

      api.cut(SERVICES);
      bench.until("it is open again", () -> api.versions(SERVICES).size() >= 3);
      service("web");

      bench.await(Resources.SERVICES, services -> named(services, "api", "web"));
      assertThat(api.listCount(SERVICES)).isEqualTo(1);
    }
  }

  @Test
  void listsFromTheCacheOfTheApiServerAndCompressed() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      assertThat(api.versions(SERVICES)).startsWith("0");
      assertThat(api.headers()).contains("Accept-Encoding: gzip");
    }
  }

  @Test
  void listsTheMostRecentWhenTheCacheHasNotTheVersion() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      api.lists(SERVICES, 504);
      api.gone(SERVICES);
      bench.until("a failed list", () -> api.listCount(SERVICES) >= 2);
      api.lists(SERVICES, 0);
      api.removeSilently(SERVICES, "shop", "api");

      bench.await(Resources.SERVICES, List::isEmpty);
      assertThat(api.versions(SERVICES)).contains("none");
    }
  }

  @Test
  void watchesAndKeepsNothingWhileItDoesNotLead() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      bench.lead(false);
      bench.until("no watch is open", () -> api.standing() == 0);
      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.NOT_YET);
      assertThat(health(bench, "services").objects()).isZero();
      service("web");

      bench.lead(true);
      bench.await(Resources.SERVICES, services -> named(services, "api", "web"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", " "})
  void trimsTokens(String end) {
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(api.url())
            .withOauthToken("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln" + end)
            .build();
    try (var bench = new KubeBench(config, KubeBench.QUICK, Clock.systemUTC())) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));

      assertThat(api.headers())
          .contains("Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln");
    }
  }

  @Test
  void namesNoTokenThatCannotBeSent() {
    var token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(api.url())
            .withOauthToken(token + "\n" + token)
            .build();
    try (var bench = new KubeBench(config, KubeBench.QUICK, Clock.systemUTC())) {
      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.ERROR);

      assertThat(bench.unavailable(Resources.SERVICES).orElseThrow().detail())
          .contains("Bearer <secret>")
          .doesNotContain("eyJ", "c2ln");
    }
  }

  @Test
  void findsACrdThatIsInstalledLater() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));
      bench.awaitLack(Resources.TARGET_GROUP_BINDINGS, Unavailable.Reason.ABSENT);
      bench.awaitLack(Resources.NODE_CLASSES, Unavailable.Reason.ABSENT);
      bench.awaitLack(Resources.ENI_CONFIGS, Unavailable.Reason.ABSENT);

      api.put(BINDINGS, "shop", "k8s-shop-api", binding("elbv2.k8s.aws/v1beta1", "arn:tg/1"));

      var found = bench.await(Resources.TARGET_GROUP_BINDINGS, list -> list.size() == 1).get(0);
      assertThat(found.targetGroupArn()).isEqualTo("arn:tg/1");
      assertThat(found.service()).isEqualTo("api");
      assertThat(found.servicePort()).isEqualTo("80");
    }
  }

  @Test
  void needsOneOfTwoCrdsAndNoDeniedOne() {
    api.put(AUTO_BINDINGS, "shop", "b", binding("eks.amazonaws.com/v1", "arn:tg/2"));
    try (var bench = bench()) {
      var found = bench.await(Resources.TARGET_GROUP_BINDINGS, list -> list.size() == 1).get(0);
      assertThat(found.targetGroupArn()).isEqualTo("arn:tg/2");

      api.lists(BINDINGS, 403);

      bench.awaitLack(Resources.TARGET_GROUP_BINDINGS, Unavailable.Reason.DENIED);
    }
  }

  @Test
  void endpointsAreUnknownAndNotEmptyWithoutEndpointSlices() {
    api.serve(SLICES);
    api.lists(SLICES, 403);
    try (var bench = bench()) {
      var service = bench.await(Resources.SERVICES, services -> named(services, "api")).get(0);
      assertThat(service.endpoints()).isEmpty();

      api.lists(SLICES, 0);

      bench.await(Resources.SERVICES, s -> s.get(0).endpoints().equals(Optional.of(List.of())));
    }
  }

  @Test
  void isUnavailableAboveMaxObjects() {
    service("b");
    service("c");
    var few =
        new KubeSettings(
            ofSeconds(15),
            ofMillis(50),
            ofSeconds(2),
            ofMillis(700),
            ofMillis(800),
            ofSeconds(30),
            2);
    try (var bench = new KubeBench(api.url(), few)) {
      bench.awaitLack(Resources.SERVICES, Unavailable.Reason.ERROR);
    }
  }

  @Test
  void doesNotCountEventsFromBeforeTheStart() {
    event("old", 40);
    try (var bench = bench()) {
      bench.await(Resources.SANDBOX_FAILURES, List::isEmpty);

      event("old", 42);
      event("new", 5);

      bench.await(Resources.SANDBOX_FAILURES, rows -> rows.size() == 1 && rows.get(0).count() == 7);
    }
  }

  @Test
  void excludesEndedPodsAndFrequentEventsOnTheServer() {
    api.serve(PODS);
    api.serve(EVENTS);
    try (var bench = bench()) {
      bench.await(Resources.SANDBOX_FAILURES, List::isEmpty);
      bench.await(Resources.PENDING_PODS, List::isEmpty);
      bench.until("the pods are watched", () -> api.standing() >= 3);

      assertThat(api.selectors(PODS))
          .containsExactly("status.phase!=Succeeded,status.phase!=Failed");
      assertThat(api.selectors(EVENTS))
          .singleElement()
          .satisfies(
              selector ->
                  assertThat(selector)
                      .contains("involvedObject.kind!=Node", "reason!=Pulled", "reason!=Killing"));
    }
  }

  @Test
  void closeEndsAllWatchesAndIsIdempotent() {
    try (var bench = bench()) {
      bench.await(Resources.SERVICES, services -> named(services, "api"));
      bench.until("a watch stands", () -> api.standing() > 0);

      bench.facts().close();

      bench.until("no watch stands", () -> api.standing() == 0);
    }
  }

  private void event(String uid, int count) {
    api.put(
        EVENTS,
        "shop",
        uid,
        new JsonObject()
            .put("apiVersion", "v1")
            .put("kind", "Event")
            .put("metadata", new JsonObject().put("uid", uid))
            .put(
                "involvedObject",
                new JsonObject().put("kind", "Pod").put("namespace", "shop").put("name", "api"))
            .put("reason", "FailedCreatePodSandBox")
            .put("type", "Warning")
            .put("message", "add cmd: failed to assign an IP address to container")
            .put("count", count)
            .put("source", new JsonObject().put("component", "kubelet").put("host", "n1")));
  }

  private static JsonObject binding(String apiVersion, String arn) {
    return new JsonObject()
        .put("apiVersion", apiVersion)
        .put("kind", "TargetGroupBinding")
        .put(
            "spec",
            new JsonObject()
                .put("targetGroupARN", arn)
                .put("targetType", "ip")
                .put("serviceRef", new JsonObject().put("name", "api").put("port", 80)));
  }

  private static Informer.Health health(KubeBench bench, String resource) {
    return bench.facts().watches().stream()
        .filter(w -> w.resource().equals(resource))
        .findFirst()
        .orElseThrow();
  }
}
