package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.world.ClusterLab;
import io.eksnet.lab.world.EksnetDeployment;
import io.eksnet.lab.world.LabScenario.Stage;
import io.eksnet.lab.world.Scenarios;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The program finds nothing in healthy clusters that are unusual, at the intervals that users have,
 * for {@code healthy.seconds} each.
 */
@EnabledIfSystemProperty(named = "healthy.seconds", matches = "\\d+")
class HealthyClustersTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Until everything was read and the lab's targets are healthy. */
  private static final Duration START = Duration.ofMinutes(3);

  private static final Duration CALM = Duration.ofSeconds(30);

  @TempDir static Path work;

  private static ClusterLab lab;
  private static ChildProgram eksnet;
  private static URI findings;

  @BeforeAll
  static void start() throws Exception {
    lab = ClusterLab.start(1);
    var address = ChildProgram.freeAddress();
    var instance = EksnetDeployment.prepare(lab, work, address, 1).instances().get(0);
    var environment = new HashMap<>(instance.environment());
    environment.put("HOME", work.toString());
    eksnet =
        ChildProgram.start(
            work,
            environment,
            "standalone",
            "--config.file=" + instance.config(),
            "--web.listen-address=" + address);
    findings = URI.create("http://" + address + "/api/v1/findings");
    eksnet.await(HTTP, findings);
    awaitCalm();
  }

  @AfterAll
  static void stop() {
    eksnet.close();
    lab.close();
  }

  static Stream<Stage> clusters() {
    return Stream.of("healthy.yaml", "healthy-clusters.yaml")
        .map(file -> Scenarios.load("src/test/resources/io/eksnet/diagnosis/cases/" + file))
        .flatMap(scenario -> scenario.stages().stream());
  }

  @ParameterizedTest
  @MethodSource("clusters")
  void nothingIsFound(Stage cluster) throws Exception {
    var healthy = lab.state();
    var all = new TreeMap<String, String>();
    lab.change(state -> cluster.change().apply(healthy));
    var end = Instant.now().plusSeconds(Long.getLong("healthy.seconds"));
    while (Instant.now().isBefore(end)) {
      all.putAll(found());
      Thread.sleep(1000);
    }
    lab.change(state -> healthy);
    awaitCalm();

    assertThat(all).as(cluster.description()).isEmpty();
  }

  /** While one cluster becomes another, what was read before and after does not fit together. */
  private static void awaitCalm() throws Exception {
    var end = Instant.now().plus(START);
    for (var since = Instant.now(); since.plus(CALM).isAfter(Instant.now()); ) {
      var found = found();
      if (!found.isEmpty()) {
        since = Instant.now();
        assertThat(since).as("%s", found).isBefore(end);
      }
      Thread.sleep(1000);
    }
  }

  /** The causes found now, each with its finding. */
  private static Map<String, String> found() throws Exception {
    var response = ChildProgram.get(HTTP, findings);
    if (response.statusCode() != 200) {
      return Map.of("nothing_diagnosed", response.body());
    }
    var found = new TreeMap<String, String>();
    for (var finding : new JsonObject(response.body()).getJsonArray("findings")) {
      found.put(((JsonObject) finding).getString("cause"), finding.toString());
    }
    return found;
  }
}
