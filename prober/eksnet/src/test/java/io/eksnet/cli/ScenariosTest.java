package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.world.ClusterLab;
import io.eksnet.lab.world.EksnetDeployment;
import io.eksnet.lab.world.LabScenario;
import io.eksnet.lab.world.Scenarios;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real program, with its real clients, against the lab's cluster: each incident is named, and
 * causes one notification.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScenariosTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration HOSTS_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(100);
  private static final double SPEED = 20;
  private static final int HEALTHY_READS = 10;

  /** Beside those of the lab: an outage of DNS with others that have nothing to do with it. */
  private static final String THREE_AT_ONCE = "src/test/resources/three-at-once.yaml";

  /** Findings about latency are held for a minute; {@code make bench-causes} runs it. */
  private static final String TOO_LONG = "slow-answers";

  /** Its load balancers are probed for a minute after they were removed. */
  private static final String LAST = "lb-certificate";

  /** Notifications of the first stage of each incident: receiver and alert. */
  private static final Map<String, List<String>> NOTIFICATIONS =
      Map.ofEntries(
          Map.entry("healthy", List.of()),
          Map.entry(
              "coredns-fargate",
              List.of("page EksNetCoreDnsUnschedulable", "chat EksNetLbSubnetsNotDiscoverable")),
          Map.entry("coredns-failing", List.of("page EksNetClusterDnsDown")),
          Map.entry("coredns-scaled-to-zero", List.of("page EksNetCoreDnsNoReadyBackends")),
          Map.entry("subnet-tags", List.of("chat EksNetLbSubnetsNotDiscoverable")),
          Map.entry("ip-exhaustion", List.of("page EksNetSubnetIpExhausted")),
          Map.entry("prefix-fragmentation", List.of("page EksNetSubnetNoPrefixBlocks")),
          Map.entry("alb-sg-blocked", List.of("page EksNetSgPathBlocked")),
          Map.entry("alb-health-path", List.of("page EksNetTargetGroupAllUnhealthy")),
          Map.entry("nlb-health-path", List.of("page EksNetTargetGroupAllUnhealthy")),
          Map.entry("lb-certificate", List.of("page EksNetLbProbeUnreachable")),
          Map.entry("controller-errors", List.of("chat EksNetIngressReconcileFailing")),
          Map.entry(
              // One for each of its causes.
              "gateway-routes", Collections.nCopies(3, "chat EksNetDiagnosis")),
          Map.entry("alb-slow-start", List.of()),
          Map.entry("rolling-deploy", List.of()),
          Map.entry("karpenter-template", List.of("chat EksNetNodeClassUnrenderedTemplate")),
          Map.entry("pod-identity-namespace", List.of("chat EksNetComponentCrashLoop")),
          Map.entry("vpc-dns-throttle", List.of("page EksNetVpcResolverFailing")),
          Map.entry("aws-throttled", List.of("webhook EksNetAwsApiThrottled")),
          Map.entry("instance-limit", List.of("chat EksNetIpamdPoolEmpty")),
          Map.entry("pod-slots-full", List.of("chat EksNetNodePodSlotsFull")),
          // Two who ask: a page for the load balancer, a line in the chat for the Service behind
          // it.
          Map.entry(
              "service-no-endpoints",
              List.of("page EksNetLbErrorBudgetBurn", "chat EksNetServiceProbeFailing")),
          Map.entry("scale-to-zero", List.of()),
          Map.entry("node-churn", List.of()),
          Map.entry(
              "two-causes",
              List.of("page EksNetSubnetIpExhausted", "chat EksNetNodeClassUnrenderedTemplate")),
          Map.entry(
              "three-at-once",
              List.of(
                  "page EksNetVpcResolverFailing",
                  "page EksNetSubnetIpExhausted",
                  "chat EksNetNodeClassUnrenderedTemplate")));

  /** Incidents without further notifications: the windows of rules have their usual length. */
  private static final Set<String> NOTIFICATIONS_FROM_THEN_ON = Set.of("scale-to-zero");

  private static final Set<String> TAKING_PODS =
      Set.of("rolling-deploy", "scale-to-zero", "node-churn", "service-no-endpoints");

  private static final Duration APART = Duration.ofSeconds(1);

  @TempDir static Path work;

  private static ClusterLab lab;
  private static ChildProgram eksnet;
  private static URI findings;
  private static Recorder recorder;
  private static Node node;
  private static URI metrics;

  @BeforeAll
  static void start() throws Exception {
    lab = ClusterLab.start(SPEED);
    var address = ChildProgram.freeAddress();
    var instance = EksnetDeployment.prepare(lab, work, address, 1).instances().get(0);
    Files.writeString(
        instance.config(),
        Files.readString(instance.config())
            .replaceAll("interval: \\d+s, timeout: \\ds", "interval: 1s, timeout: 500ms")
            .replaceAll("interval: (5|10)s", "interval: 1s, timeout: 500ms")
            .replaceAll("every: 3s", "every: 1s")
            .replaceAll("polls: \\{[^}]*}", polls()));
    node = lab.state().get(Node.class, instance.node());
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
    Await.until("calm", TIMEOUT, ScenariosTest::found, Map::isEmpty);
    metrics = URI.create("http://" + address + "/metrics");
    recorder = Recorder.start(() -> ChildProgram.get(HTTP, metrics).body(), APART);
  }

  @AfterAll
  static void stop() {
    recorder.close();
    eksnet.close();
    lab.close();
  }

  static Stream<LabScenario> stories() {
    return Stream.concat(Scenarios.all().stream(), Stream.of(Scenarios.load(THREE_AT_ONCE)))
        .filter(scenario -> !scenario.name().equals(TOO_LONG))
        .sorted(Comparator.comparing(scenario -> scenario.name().equals(LAST)));
  }

  @Order(1)
  @ParameterizedTest
  @MethodSource("stories")
  void eachIncidentIsNamedAndNothingElseAndClearsWhenItIsRepaired(LabScenario scenario)
      throws Exception {
    var before = lab.state();
    var allowed = Set.copyOf(scenario.allowed());
    var strangers = new TreeMap<String, String>();

    recorder.begin(scenario.name());
    try {
      if (scenario.stages().isEmpty()) {
        awaitSteady(allowed, strangers);
      }
      for (var stage : scenario.stages()) {
        lab.change(state -> stage.change().apply(before));
        if (stage.finds().isEmpty()) {
          assertNoFindings(strangers);
        } else {
          awaitAll(stage.finds(), allowed, strangers);
        }
        if (recorder.recording()) {
          if (NOTIFICATIONS_FROM_THEN_ON.contains(scenario.name())) {
            awaitSteady(allowed, strangers);
            recorder.begin(scenario.name());
          }
          awaitSteady(allowed, strangers);
          recorder.end();
        }
      }
    } finally {
      recorder.end();
      lab.change(state -> before);
    }
    if (TAKING_PODS.contains(scenario.name())) {
      awaitReadAgain();
    }
    Await.until(
        "the end of " + scenario.name(),
        TIMEOUT,
        () -> without(allowed, found(), strangers),
        Map::isEmpty);
    awaitRepaired();

    assertThat(strangers).as("findings that were not of %s", scenario.name()).isEmpty();
  }

  /** All at the same time, as clusters of their own, before one Prometheus and Alertmanager. */
  @Order(2)
  @TestFactory
  Stream<DynamicTest> eachIncidentIsHeardOfOnceByItsCause() throws Exception {
    var paging =
        Paging.of(
            work,
            node.name(),
            node.zone(),
            recorder.of("healthy"),
            recorder.incidents(),
            NOTIFICATIONS);
    return Stream.concat(
        Stream.of(
            DynamicTest.dynamicTest(
                "healthy clusters send no notification",
                () -> assertThat(paging.early()).isEmpty()),
            DynamicTest.dynamicTest("a page leads on", () -> leadsOn(paging))),
        recorder.incidents().keySet().stream()
            .map(
                name ->
                    DynamicTest.dynamicTest(
                        name,
                        () ->
                            assertThat(paging.notifications(name))
                                .containsExactlyInAnyOrderElementsOf(NOTIFICATIONS.get(name)))));
  }

  /**
   * Pods that a scenario removed or made unready come back with their old age, which no real pod
   * does: findings before everything is read again do not count.
   */
  private static void awaitReadAgain() throws Exception {
    var repaired = System.currentTimeMillis();
    Await.until(
        "all to be read again",
        TIMEOUT,
        () -> Frame.of(ChildProgram.get(HTTP, metrics).body(), repaired),
        frame -> frame.isReadSince(repaired));
  }

  /**
   * Hosts are resolved once a minute, targets are unhealthy until their health checks succeed
   * again, load balancers that were removed are probed until the next plan, and gauges follow the
   * findings within a second; what is missing in one scenario must not last into others.
   */
  private static void awaitRepaired() throws Exception {
    Await.until(
        "all Ingress hosts to resolve to their load balancers, and all targets and node classes to"
            + " be healthy",
        HOSTS_TIMEOUT,
        () -> Frame.of(ChildProgram.get(HTTP, metrics).body(), System.currentTimeMillis()),
        frame ->
            frame.samples().entrySet().stream()
                .noneMatch(
                    one -> isMismatch(one) || isUnhealthyTarget(one) || isBrokenNodeClass(one)));
  }

  private static boolean isBrokenNodeClass(Map.Entry<String, Double> sample) {
    return sample.getKey().startsWith("eksnet_nodeclass_condition{")
        && sample.getKey().contains("condition=\"Ready\"")
        && sample.getKey().contains("status=\"False\"")
        && sample.getValue() > 0;
  }

  private static boolean isMismatch(Map.Entry<String, Double> sample) {
    return sample.getKey().startsWith("eksnet_ingress_dns_match{") && sample.getValue() == 0;
  }

  private static boolean isUnhealthyTarget(Map.Entry<String, Double> sample) {
    return sample.getKey().startsWith("eksnet_target_health{")
        && !sample.getKey().contains("state=\"healthy\"")
        && sample.getValue() > 0;
  }

  private static void awaitSteady(Set<String> allowed, Map<String, String> strangers)
      throws Exception {
    Await.until(
        "an incident that stays as it is",
        TIMEOUT,
        () -> {
          without(allowed, found(), strangers);
          return recorder.changing();
        },
        Set::isEmpty);
  }

  private static void leadsOn(Paging paging) {
    var page = paging.messages("alb-sg-blocked").findFirst().orElseThrow();

    assertThat(page.alerts().get(0).annotations())
        .containsEntry(
            "runbook_url",
            "https://github.com/eksnet/eksnet/blob/main/dashboards/runbooks/EksNetSgPathBlocked.md")
        .containsEntry(
            "dashboard_url",
            "https://grafana.example.com/d/eksnet-load-balancers?var-cluster=alb-sg-blocked")
        .containsKeys("summary", "description", "findings");
  }

  private static void awaitAll(
      List<String> causes, Set<String> allowed, Map<String, String> strangers) throws Exception {
    Await.until(
        "findings " + causes + " with high confidence",
        TIMEOUT,
        () -> {
          var now = found();
          without(allowed, now, strangers);
          return now;
        },
        now -> causes.stream().allMatch(cause -> "high".equals(now.get(cause))));
  }

  private static void assertNoFindings(Map<String, String> strangers) throws Exception {
    for (var i = 0; i < HEALTHY_READS; i++) {
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
