package io.eksnet.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.world.ClusterLab;
import io.eksnet.lab.world.Scenarios;
import io.eksnet.lab.world.Watched;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real program, with its real clients, against the lab's cluster: each incident is named. */
@Timeout(300)
class ScenariosTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final double HASTE = 20;
  private static final int CALM_LOOKS = 30;

  @TempDir static Path work;

  private static ClusterLab lab;
  private static ChildProgram eksnet;
  private static URI findings;

  @BeforeAll
  static void start() throws Exception {
    lab = ClusterLab.start(HASTE);
    var address = ChildProgram.freeAddress();
    var seat = Watched.of(lab, work, address, 1).seats().get(0);
    Files.writeString(
        seat.config(),
        Files.readString(seat.config())
            .replaceAll("interval: \\d+s, timeout: \\ds", "interval: 1s, timeout: 500ms")
            .replaceAll("interval: (5|10)s", "interval: 1s, timeout: 500ms")
            .replaceAll("every: 3s", "every: 1s")
            .replaceAll("polls: \\{[^}]*}", polls()));
    var environment = new HashMap<>(seat.environment());
    environment.put("HOME", work.toString());
    eksnet =
        ChildProgram.start(
            work,
            environment,
            "standalone",
            "--config.file=" + seat.config(),
            "--web.listen-address=" + address);
    findings = URI.create("http://" + address + "/api/v1/findings");
    eksnet.await(HTTP, findings);
    Await.until("calm", PATIENCE, ScenariosTest::found, Map::isEmpty);
  }

  @AfterAll
  static void stop() {
    eksnet.close();
    lab.close();
  }

  static Stream<Scenarios.Story> stories() {
    return Scenarios.all().stream();
  }

  @ParameterizedTest
  @MethodSource("stories")
  void eachIncidentIsNamedAndNothingElseAndClearsWhenItIsRepaired(Scenarios.Story story)
      throws Exception {
    var before = lab.state();
    var allowed = Set.copyOf(story.allowed());
    var strangers = new TreeMap<String, String>();

    try {
      for (var stage : story.stages()) {
        lab.change(state -> stage.what().apply(before));
        if (stage.finds().isEmpty()) {
          stayCalm(strangers);
        } else {
          awaitAll(stage.finds(), allowed, strangers);
        }
      }
    } finally {
      lab.change(state -> before);
    }
    Await.until(
        "the end of " + story.name(),
        PATIENCE,
        () -> without(allowed, found(), strangers),
        Map::isEmpty);

    assertThat(strangers).as("findings that were not of %s", story.name()).isEmpty();
  }

  private static void awaitAll(
      List<String> causes, Set<String> allowed, Map<String, String> strangers) throws Exception {
    Await.until(
        "findings " + causes + " with high confidence",
        PATIENCE,
        () -> {
          var now = found();
          without(allowed, now, strangers);
          return now;
        },
        now -> causes.stream().allMatch(cause -> "high".equals(now.get(cause))));
  }

  private static void stayCalm(Map<String, String> strangers) throws Exception {
    for (var look = 0; look < CALM_LOOKS; look++) {
      without(Set.of(), found(), strangers);
      Thread.sleep(200);
    }
  }

  private static Map<String, String> without(
      Set<String> allowed, Map<String, String> now, Map<String, String> strangers) {
    now.forEach(
        (cause, confidence) -> {
          if (!allowed.contains(cause)) {
            strangers.put(cause, confidence);
          }
        });
    return now;
  }

  /** The causes found now, each with its confidence. */
  private static Map<String, String> found() throws Exception {
    var answer = ChildProgram.get(HTTP, findings);
    if (answer.statusCode() != 200) {
      return Map.of("nothing_diagnosed", String.valueOf(answer.statusCode()));
    }
    var list = new JsonObject(answer.body()).getJsonArray("findings");
    var found = new TreeMap<String, String>();
    for (var i = 0; i < list.size(); i++) {
      var finding = list.getJsonObject(i);
      found.put(finding.getString("cause"), finding.getString("confidence"));
    }
    return found;
  }

  private static String polls() {
    var all = new ArrayList<String>();
    for (var part :
        new TreeSet<>(
            List.of(
                "kubernetes",
                "subnets",
                "lb_subnets",
                "free_prefixes",
                "security_paths",
                "load_balancers",
                "target_groups",
                "target_health",
                "fargate_profiles",
                "pod_identity_associations"))) {
      all.add(part + ": " + (part.equals("kubernetes") ? "1s" : "4s"));
    }
    return "polls: {" + String.join(", ", all) + "}";
  }
}
