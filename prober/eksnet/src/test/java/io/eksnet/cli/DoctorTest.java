package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import io.eksnet.lab.world.ClusterLab;
import io.eksnet.lab.world.EksnetDeployment;
import io.eksnet.lab.world.LabScenario;
import io.eksnet.lab.world.Scenarios;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The doctor against the lab's cluster, with the real clients. */
@Timeout(180)
class DoctorTest {
  private static final double SPEED = 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final String ENDPOINT = "aws.endpointUrl";

  /** The clients read these of the process; the rest comes from the environment given. */
  private static final List<String> PROPERTIES =
      List.of(
          "kubeconfig",
          "aws.accessKeyId",
          "aws.secretAccessKey",
          "aws.disableEc2Metadata",
          ENDPOINT);

  private static final String LONG = "--timeout=100s";

  @TempDir static Path work;

  private static ClusterLab lab;
  private static Map<String, String> pod;
  private static Path config;
  private static Path quiet;

  private record Visit(int exit, String text, Duration took) {
    JsonObject json() {
      return new JsonObject(text);
    }

    Map<String, String> found() {
      var found = new TreeMap<String, String>();
      for (var finding : json().getJsonArray("findings")) {
        var json = (JsonObject) finding;
        found.put(json.getString("cause"), json.getString("confidence"));
      }
      return found;
    }

    String notSeen() {
      return json().getJsonArray("not_seen").encode();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    lab = ClusterLab.start(SPEED);
    var instance =
        EksnetDeployment.prepare(lab, work, ChildProgram.freeAddress(), 1).instances().get(0);
    pod = new HashMap<>(instance.environment());
    pod.put("HOME", work.resolve("nobody").toString());
    config =
        Files.writeString(
            work.resolve("doctor.yaml"),
            Files.readString(instance.config())
                    .replaceAll("interval: \\d+s, timeout: \\ds", "interval: 30s, timeout: 10s")
                + "limits: {stall: 5s}\n");
    quiet = Files.writeString(work.resolve("quiet.yaml"), "suites: {dns: {enabled: false}}\n");
    System.setProperty("kubeconfig", String.valueOf(pod.get("KUBECONFIG")));
    System.setProperty("aws.accessKeyId", "lab");
    System.setProperty("aws.secretAccessKey", "lab");
    System.setProperty("aws.disableEc2Metadata", "true");
    System.setProperty(ENDPOINT, pod.get("AWS_ENDPOINT_URL"));
  }

  @AfterAll
  static void stop() {
    PROPERTIES.forEach(System::clearProperty);
    lab.close();
  }

  @Test
  void findsNoCauseInAHealthyClusterAndListsSkippedChecks() throws Exception {
    await("healthy");
    var visit = doctor(pod, LONG);

    assertThat(visit.text()).contains("\nNot checked:\n  other nodes (");
    assertThat(visit.text()).endsWith(" passed.\n").doesNotContain("All clear", "\u001b");
    assertThat(visit.text().lines()).anyMatch(line -> line.startsWith("dns "));
    assertThat(visit.exit()).isZero();
  }

  static Stream<LabScenario> stories() {
    return Scenarios.all().stream()
        .filter(scenario -> List.of("coredns-fargate", "alb-sg-blocked").contains(scenario.name()));
  }

  @ParameterizedTest
  @MethodSource("stories")
  void findsTheCauseOfAnIncidentAndNoOther(LabScenario scenario) throws Exception {
    await("healthy");
    var stage = scenario.stages().get(0);
    var before = lab.state();
    try {
      lab.change(state -> stage.change().apply(before));
      if (scenario.name().startsWith("alb")) {
        await("unhealthy");
      }
      var visit = doctor(pod, LONG, "--output=json");

      assertThat(visit.found().keySet())
          .contains(stage.finds().get(0))
          .isSubsetOf(scenario.allowed());
      assertThat(visit.json().getBoolean("broken")).isTrue();
      assertThat(visit.exit()).isEqualTo(1);
    } finally {
      lab.change(state -> before);
    }
  }

  @Test
  void readsTheApisFromALaptopAndSkipsWhatNeedsAPod() throws Exception {
    await("healthy");
    var laptop = new HashMap<>(pod);
    laptop.keySet().removeAll(List.of("KUBERNETES_SERVICE_HOST", "NODE_NAME", "HOST_IP"));
    var scenario = Scenarios.all().stream().filter(s -> s.name().equals("subnet-tags"));
    var what = scenario.findFirst().orElseThrow().stages().get(0).change();
    var before = lab.state();
    try {
      lab.change(state -> what.apply(before));
      var visit = doctor(laptop, LONG, "--output=json");

      assertThat(visit.found()).containsOnlyKeys("lb_subnets_not_discoverable");
      assertThat(visit.found()).containsValue("high");
      assertThat(visit.notSeen()).contains("cluster DNS, paths to pods and Services");
      assertThat(visit.exit()).isEqualTo(1);
      var finding = visit.json().getJsonArray("findings").getJsonObject(0);
      assertThat(finding.fieldNames())
          .contains("cause", "layer", "scope", "confidence", "confidence_percent", "meaning")
          .contains("evidence", "excluded", "fix", "explains", "rules", "since");
    } finally {
      lab.change(state -> before);
    }
  }

  @Test
  void skipsAnAwsThatHangsWithoutDelay() throws Exception {
    await("healthy");
    try (var deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      System.setProperty(ENDPOINT, "http://127.0.0.1:" + deaf.getLocalPort());
      var visit = doctor(pod, "--timeout=12s", "--output=json");

      assertThat(visit.notSeen()).contains("ec2 ");
      assertThat(visit.notSeen()).contains("no response within 8.0 s");
      assertThat(visit.found()).isEmpty();
      assertThat(visit.took()).isLessThan(Duration.ofSeconds(60));
    } finally {
      System.setProperty(ENDPOINT, pod.get("AWS_ENDPOINT_URL"));
    }
  }

  @Test
  void listsSkippedChecksWithoutAnyApi() {
    var nowhere = Map.of("HOME", work.resolve("nobody").toString());
    var visit = visit(nowhere, "doctor", "--config.file=" + quiet);

    assertThat(visit.text())
        .contains("Kubernetes (not in a pod, and no kubeconfig was found)")
        .contains("AWS (set cluster and region in the config")
        .contains("cluster DNS, paths to pods and Services (")
        .endsWith("\nNothing was checked, and neither Kubernetes nor AWS returned anything.\n");
    assertThat(visit.exit()).isZero();
  }

  /** Until all targets of all groups are so, as their load balancers say. */
  private static void await(String state) throws Exception {
    Await.until(
        state + " targets",
        TIMEOUT,
        () ->
            lab.state().all(TargetGroup.class).stream().flatMap(g -> lab.health(g.arn()).stream()),
        targets -> targets.allMatch(target -> target.state().equals(state)));
  }

  private static Visit doctor(Map<String, String> environment, String... more) {
    var arguments = new ArrayList<>(List.of("doctor", "--config.file=" + config));
    arguments.addAll(List.of(more));
    return visit(environment, arguments.toArray(String[]::new));
  }

  private static Visit visit(Map<String, String> environment, String... arguments) {
    var text = new StringWriter();
    var line = RootCommand.line(environment);
    line.setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
    var began = System.nanoTime();
    var exit = line.execute(arguments);
    return new Visit(exit, text.toString(), Duration.ofNanos(System.nanoTime() - began));
  }
}
