package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** 1,000 nodes with 30 tasks each, 20,000 security paths and 500 unhealthy targets. */
class DiagnosisPerformanceTest {
  private static final int NODES = 1_000;
  private static final int TASKS = 30;
  private static final int GROUPS = 100;
  private static final int TARGETS_PER_GROUP = 100;
  private static final int UNHEALTHY_PER_GROUP = 5;
  private static final int RUNS = 10;

  /** CPU time, so that other processes do not matter; an idle machine needs about a tenth of it. */
  private static final Duration LIMIT = Duration.ofMillis(500);

  @Test
  void diagnosesLargeClusterWithManyUnhealthyTargetsQuickly() {
    var evidence = evidence();

    assertThat(Diagnosis.of(evidence))
        .filteredOn(finding -> finding.cause() == RootCause.SECURITY_GROUP_BLOCKS_TARGET)
        .singleElement()
        .satisfies(finding -> assertThat(finding.affected()).hasSize(GROUPS - 1));
    var fastest = IntStream.range(0, RUNS).mapToLong(run -> cpuNanos(evidence)).min();
    assertThat(Duration.ofNanos(fastest.orElseThrow())).isLessThan(LIMIT);
  }

  private static long cpuNanos(Evidence evidence) {
    var threads = ManagementFactory.getThreadMXBean();
    var started = threads.getCurrentThreadCpuTime();
    assertThat(Diagnosis.of(evidence)).isNotEmpty();
    return threads.getCurrentThreadCpuTime() - started;
  }

  private static Evidence evidence() {
    var scene =
        Scene.healthy()
            .with(
                Resources.NODES,
                IntStream.range(0, NODES).mapToObj(n -> Scene.node("n" + (n + 1))).toList())
            .with(
                Resources.AGENTS,
                new AgentFleet(
                    NODES,
                    IntStream.range(1, NODES + 1)
                        .mapToObj(n -> new Agent("n" + n, Scene.zone("n" + n), "10.0.9.1", true))
                        .toList()))
            .with(
                Resources.TARGET_GROUPS,
                IntStream.range(0, GROUPS).mapToObj(DiagnosisPerformanceTest::group).toList())
            .with(
                Resources.LOAD_BALANCERS,
                IntStream.range(0, GROUPS).mapToObj(DiagnosisPerformanceTest::lb).toList())
            .with(
                Resources.TARGET_HEALTH,
                IntStream.range(0, GROUPS).mapToObj(DiagnosisPerformanceTest::health).toList())
            .with(
                Resources.SECURITY_PATHS,
                IntStream.range(0, GROUPS)
                    .boxed()
                    .flatMap(
                        g ->
                            IntStream.range(0, TARGETS_PER_GROUP)
                                .boxed()
                                .flatMap(
                                    t ->
                                        List.of(
                                            path(g, t, Use.TRAFFIC), path(g, t, Use.HEALTH_CHECK))
                                            .stream()))
                    .toList())
            .evidence();
    var agents = IntStream.range(1, NODES + 1).mapToObj(DiagnosisPerformanceTest::agent).toList();
    return new Evidence(scene.now(), scene.inventory(), agents);
  }

  private static TargetGroup group(int group) {
    var like = Scene.targetGroup();
    return new TargetGroup(
        "arn:tg/" + group,
        "group-" + group,
        like.protocol(),
        like.protocolVersion(),
        like.port(),
        like.targetType(),
        List.of("arn:lb/" + group),
        like.healthCheck(),
        Optional.empty());
  }

  private static LoadBalancer lb(int lb) {
    var like = Scene.loadBalancer("active");
    return new LoadBalancer(
        "arn:lb/" + lb,
        "lb-" + lb,
        like.dnsName(),
        like.type(),
        like.scheme(),
        like.state(),
        like.stateReason(),
        like.vpcId(),
        like.subnets(),
        like.securityGroups(),
        like.listeners(),
        like.created(),
        Optional.empty());
  }

  private static GroupHealth health(int group) {
    var targets = IntStream.range(0, TARGETS_PER_GROUP).mapToObj(t -> target(group, t)).toList();
    return new GroupHealth(
        "arn:tg/" + group,
        Snapshot.of(targets, Scene.NOW, Duration.ofMinutes(1)),
        Optional.empty());
  }

  private static TargetHealth target(int group, int target) {
    var unhealthy = target < UNHEALTHY_PER_GROUP;
    return new TargetHealth(
        "arn:tg/" + group,
        address(group, target),
        8080,
        Scene.ZONES.get(target % 3),
        unhealthy ? "unhealthy" : "healthy",
        unhealthy ? "Target.Timeout" : "",
        unhealthy ? "Request timed out" : "",
        8080);
  }

  private static SecurityPath path(int group, int target, Use use) {
    return new SecurityPath(
        "arn:lb/" + group,
        "arn:tg/" + group,
        address(group, target),
        "eni-" + target,
        List.of("sg-node"),
        8080,
        use,
        target < UNHEALTHY_PER_GROUP ? Verdict.BLOCKED : Verdict.PERMITTED,
        "sg-node, tcp 8080");
  }

  private static String address(int group, int target) {
    return "10.1." + group + "." + target;
  }

  private static AgentReport agent(int node) {
    var name = "n" + node;
    return new AgentReport(
        name,
        Scene.zone(name),
        keys(node).stream().map(DiagnosisPerformanceTest::window).toList(),
        HostReport.NOTHING);
  }

  private static List<SeriesKey> keys(int node) {
    var keys = new ArrayList<SeriesKey>();
    for (var queryClass : List.of("internal", "negative", "aws", "external")) {
      keys.add(new DnsKey("service", "", queryClass, "A", "udp"));
      keys.add(new DnsKey("vpc_resolver", "", queryClass, "A", "udp"));
    }
    Scene.DNS_IPS.forEach(ip -> keys.add(new DnsKey("backend", ip, "internal", "A", "udp")));
    keys.add(new StsKey());
    keys.add(new LbKey("lb-" + node % GROUPS, "80"));
    for (var i = 0; i < 8; i++) {
      var peer = "n" + ((node + i * 37) % NODES + 1);
      keys.add(new PodKey(peer, Scene.zone("n" + node), Scene.zone(peer)));
    }
    for (var i = 0; keys.size() < TASKS; i++) {
      var group = "group-" + (node + i) % GROUPS;
      keys.add(new TargetKey(group, address((node + i) % GROUPS, node % TARGETS_PER_GROUP)));
    }
    return keys;
  }

  /** The VPC resolver and names outside the cluster time out; all else succeeds. */
  private static ResultWindow window(SeriesKey key) {
    var fails =
        key instanceof DnsKey dns
            && (dns.path().equals("vpc_resolver")
                || (dns.path().equals("service")
                    && List.of("aws", "external").contains(dns.queryClass())));
    return new ResultWindow(
        key,
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    new Result(
                        Scene.NOW.minusSeconds(2 + 15L * i),
                        fails ? "timeout" : "success",
                        Phase.PROCESSING,
                        0,
                        false,
                        false,
                        3,
                        Map.of()))
            .toList());
  }
}
