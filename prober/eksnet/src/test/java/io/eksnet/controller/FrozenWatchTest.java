package io.eksnet.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.BuildInfo;
import io.eksnet.controller.metrics.ControllerMetrics;
import io.eksnet.controller.page.ClusterHistory;
import io.eksnet.controller.page.ClusterPage;
import io.eksnet.controller.page.ClusterView;
import io.eksnet.controller.page.ProberCost;
import io.eksnet.controller.web.ClusterDependencies.Since;
import io.eksnet.controller.web.FindingsJson;
import io.eksnet.inventory.Poller;
import io.eksnet.inventory.kube.KubeAccess;
import io.eksnet.inventory.kube.KubeFacts;
import io.eksnet.inventory.kube.KubeSettings;
import io.eksnet.lab.cluster.Behavior.KubeFault;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.kube.KubeApi;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.eksnet.metrics.Page;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.schedule.VirtualTime;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the controller reports, second by second, while the connections of its watches are open and
 * carry nothing, as behind a NAT gateway that forgot them. The watches are real, the time is
 * virtual.
 */
@Timeout(120)
class FrozenWatchTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);
  private static final Duration DIAGNOSIS_INTERVAL = Duration.ofSeconds(3);

  /** At virtual time: several for each second. */
  private static final Duration BOOKMARKS = Duration.ofMillis(2);

  private static final KubeSettings SETTINGS = KubeSettings.DEFAULT.withTick(Duration.ofMillis(2));

  /** While nothing is to be seen. */
  private static final Duration STEP = Duration.ofSeconds(5);

  /** The API server ends a watch of events, over which it sends no bookmarks. */
  private static final Duration WATCH_OF_EVENTS = Duration.ofSeconds(60);

  private static final LabNetwork NETWORK =
      new LabNetwork(10, 8080, 53, 80, 80, 9853, 443, 61_678, 80, 6443);

  private final VirtualTime time = new VirtualTime();
  private final ClusterState healthy = HealthyCluster.load(NETWORK, time.instant());
  private final ClusterState coreDnsDown =
      healthy.change("{set: Pod, where: {labels: {k8s-app: kube-dns}}, to: {ready: false}}");
  private final KubeApi api = KubeApi.start(0, coreDnsDown, BOOKMARKS);
  private final KubeAccess access =
      KubeAccess.open(Optional.of(api.url()), "eksnet", SETTINGS.timeout());
  private final AtomicLong ticks = new AtomicLong();
  private final KubeFacts facts =
      KubeFacts.open(
          access,
          time.withZone(ZoneOffset.UTC),
          SETTINGS,
          Set.of(),
          () -> ticks.incrementAndGet() > 0);
  private final Metrics metrics =
      new Metrics(
          FixedLabels.of("demo", Map.of()), List.of(), Duration.ofMinutes(1), BuildInfo.current());
  private final ControllerMetrics own = ControllerMetrics.register(metrics.instruments());
  private final FindingTracker findings =
      new FindingTracker(own.diagnosis(), finding -> Optional.empty());
  private final Poller poller =
      new Poller(
          time,
          time,
          "demo",
          facts.sources(),
          () -> true,
          source -> POLL_INTERVAL,
          Poller.MIN_TIMEOUT,
          (resource, inventory) -> {});

  @AfterEach
  void close() {
    metrics.close();
    facts.close();
    access.close();
    api.close();
  }

  /**
   * The outputs of the controller at one second.
   *
   * @param notReady how many CoreDNS pods are not ready; empty: unknown
   * @param pageShowsSilence whether the status page reports that the watch received nothing
   * @param unknown resources in the response of {@code /api/v1/findings}
   */
  private record Moment(
      Optional<Long> notReady,
      boolean finding,
      boolean metric,
      double lastSuccess,
      boolean pageShowsSilence,
      List<String> unknown) {}

  /** Starts, and returns once CoreDNS is found down. */
  private void start() {
    poller.start();
    for (var steps = 0; steps < 60; steps++) {
      if (after(STEP).finding()) {
        return;
      }
    }
    throw new AssertionError("no finding: " + poller.inventory());
  }

  private Moment after(Duration step) {
    time.advance(step);
    await(2);
    if (isDue(step, WATCH_OF_EVENTS)) {
      api.closeWatches("events");
    }
    if (isDue(step, SETTINGS.grace())) {
      await(10); // a response to the request for the version
    }
    var now = time.instant();
    var fresh = poller.inventory().ifFresh(now);
    if (isDue(step, DIAGNOSIS_INTERVAL)) {
      findings.diagnose(new Evidence(now, fresh, List.of()), () -> true);
    }
    own.inventory().update(poller.inventory(), now);
    return moment(now, fresh);
  }

  /** Whether a multiple of an interval was in the last step. */
  private boolean isDue(Duration step, Duration interval) {
    var now = time.instant().getEpochSecond();
    return now / interval.toSeconds() != (now - step.toSeconds()) / interval.toSeconds();
  }

  private Moment moment(Instant now, Inventory fresh) {
    var page = Page.of(metrics);
    var latest = findings.latest();
    var view =
        new ClusterView(
            now,
            "demo",
            Optional.empty(),
            Optional.of(fresh),
            latest.at(),
            latest.findings().stream().map(Since::finding).toList(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            ClusterHistory.NONE,
            ProberCost.UNKNOWN);
    var html = String.join("", ClusterPage.sections(view).values());
    return new Moment(
        fresh.get(Resources.DNS_PODS).map(FrozenWatchTest::notReady),
        latest.findings().stream().map(Since::finding).anyMatch(FrozenWatchTest::isOfCoreDns),
        page.series().entrySet().stream()
            .filter(series -> series.getKey().name().equals("eksnet_diagnosis_active"))
            .filter(series -> series.getKey().labels().containsValue("coredns_not_ready"))
            .anyMatch(series -> series.getValue() > 0),
        page.value(
                "eksnet_poll_last_success_timestamp_seconds",
                "cluster",
                "demo",
                "poll",
                "dns_pods",
                "service",
                "kubernetes")
            .orElse(0.0),
        html.contains("<code>dns_pods</code>") && html.contains("pods: the watch received nothing"),
        FindingsJson.write(latest, List.of(), fresh).getJsonArray("not_seen").stream()
            .map(JsonObject.class::cast)
            .map(one -> one.getString("what"))
            .toList());
  }

  private static long notReady(List<DnsPod> pods) {
    return pods.stream().filter(pod -> !pod.ready()).count();
  }

  private static boolean isOfCoreDns(Finding finding) {
    return finding.cause() == RootCause.COREDNS_NOT_READY;
  }

  /** Waits for so many runs of the watches, which are at true time. */
  private void await(int runs) {
    var until = ticks.get() + runs;
    while (ticks.get() < until) {
      LockSupport.parkNanos(200_000);
    }
  }

  /** The connections of one kind, and new ones, carry nothing; CoreDNS recovers meanwhile. */
  @Test
  void whatRestsOnASilentWatchIsUnknownOnceNoticedAndTheRestIsKnown() {
    start();
    freezeOpenWatches("pods");
    var frozenAt = time.instant().getEpochSecond();
    api.update(healthy.with(new KubeFault("pods", KubeFault.Kind.DEAF)));

    assertThat(beforeItIsNoticed())
        .allSatisfy(moment -> assertThat(moment.notReady()).contains(2L))
        .allMatch(Moment::finding)
        .noneMatch(Moment::pageShowsSilence);
    whileItIsNoticed();

    assertThat(seconds(12))
        .allSatisfy(
            moment -> {
              assertThat(moment.notReady()).isEmpty();
              assertThat(moment.finding()).isFalse();
              assertThat(moment.metric()).isFalse();
              assertThat(moment.lastSuccess()).isCloseTo((double) frozenAt, Offset.offset(2.0));
              assertThat(moment.pageShowsSilence()).isTrue();
              assertThat(moment.unknown()).contains("dns_pods", "nodes").doesNotContain("services");
            });

    api.update(healthy);
    api.closeWatches("pods");
    var healed = seconds(20).get(19);
    assertThat(healed.notReady()).contains(0L);
    assertThat(healed.finding()).isFalse();
    assertThat(healed.unknown()).doesNotContain("dns_pods");
  }

  /** A proxy or NAT gateway forgot all connections; new ones work. */
  @Test
  void oldValuesAreReplacedOnceASilenceIsNoticed() {
    start();
    freezeOpenWatches("*");

    assertThat(beforeItIsNoticed())
        .allSatisfy(moment -> assertThat(moment.notReady()).contains(2L));
    whileItIsNoticed();

    assertThat(seconds(10))
        .allSatisfy(
            moment -> {
              assertThat(moment.notReady()).contains(0L);
              assertThat(moment.finding()).isFalse();
              assertThat(moment.metric()).isFalse();
              assertThat(moment.unknown()).doesNotContain("dns_pods", "services");
            });
  }

  /** The request for the version uses another connection than the watches. */
  @Test
  void oldValuesAreReplacedAtOnceWhenTheApiServerAnswersAgain() {
    start();
    freezeOpenWatches("*");
    api.update(healthy.with(new KubeFault("*", KubeFault.Kind.ERROR)));
    steps(9);
    assertThat(seconds(10))
        .allSatisfy(
            moment -> {
              assertThat(moment.notReady()).isEmpty();
              assertThat(moment.finding()).isFalse();
              assertThat(moment.unknown()).contains("dns_pods", "services");
            });

    api.update(healthy);
    var answers = seconds(20);

    assertThat(answers)
        .allSatisfy(moment -> assertThat(moment.notReady()).isNotEqualTo(Optional.of(2L)))
        .noneMatch(Moment::finding);
    assertThat(answers.get(19).notReady()).contains(0L);
  }

  /** CoreDNS recovers, and no open watch of the resource sends it. */
  private void freezeOpenWatches(String plural) {
    var silent = new KubeFault(plural, KubeFault.Kind.DEAF);
    api.update(coreDnsDown.with(silent));
    await(100); // what was sent before
    api.update(healthy.with(silent));
    api.update(healthy);
  }

  private List<Moment> beforeItIsNoticed() {
    return steps((int) (SETTINGS.silence().dividedBy(STEP) - 2));
  }

  /**
   * Until a dead watch is noticed, the inventory has read that, and a diagnosis has run. Watches
   * check themselves at true time, so that on a busy machine a poll may just miss it.
   */
  private void whileItIsNoticed() {
    var reading = POLL_INTERVAL.multipliedBy(2).plus(DIAGNOSIS_INTERVAL);
    seconds((int) STEP.multipliedBy(2).plus(SECOND).plus(reading).toSeconds());
  }

  private List<Moment> seconds(int count) {
    return IntStream.range(0, count).mapToObj(i -> after(SECOND)).toList();
  }

  private List<Moment> steps(int count) {
    return IntStream.range(0, count).mapToObj(i -> after(STEP)).toList();
  }
}
