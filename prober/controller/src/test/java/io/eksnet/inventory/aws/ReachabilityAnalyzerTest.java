package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SecurityPath.Use.HEALTH_CHECK;
import static io.eksnet.model.inventory.SecurityPath.Use.TRAFFIC;
import static io.eksnet.model.inventory.SecurityPath.Verdict.BLOCKED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.PERMITTED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.UNKNOWN;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.aws.SecurityRule.Peer;
import io.eksnet.model.Cidr;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReachabilityAnalyzerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final NetworkInterface PRIMARY =
      nic("eni-primary", true, List.of("10.0.9.1"), List.of(), "sg-node");
  private static final NetworkInterface SECONDARY =
      nic("eni-second", false, List.of("10.0.9.2"), List.of("10.0.9.32/28"), "sg-pods");
  private static final NetworkInterface BRANCH =
      nic("eni-branch", false, List.of("10.0.9.99"), List.of(), "sg-own");
  private static final NetworkInterface FARGATE =
      new NetworkInterface(
          "eni-fargate",
          "subnet-x",
          "",
          false,
          List.of("10.0.7.7"),
          List.of(),
          List.of("sg-fargate"));
  private static final InterfaceIndex ALL =
      InterfaceIndex.of(List.of(PRIMARY, SECONDARY, BRANCH, FARGATE));

  private static final SecurityGroupRules OPEN_FOR_PODS =
      new SecurityGroupRules(
          Map.of(
              "sg-lb", List.of(egressToAll()),
              "sg-node", List.of(),
              "sg-pods", List.of(ingress("sg-pods", 8080)),
              "sg-own", List.of(ingress("sg-own", 8080)),
              "sg-fargate", List.of(ingress("sg-fargate", 8080))),
          Map.of());

  @Test
  void anAddressInADelegatedPrefixIsBehindTheInterfaceWithThePrefix() {
    var path = analyze(target("10.0.9.40", 8080), pods(pod("10.0.9.40", false, "")));

    assertThat(path.interfaceId()).isEqualTo("eni-second");
    assertThat(path.verdict()).isEqualTo(PERMITTED);
  }

  @Test
  void aSecondaryAddressIsBehindItsInterfaceAndNotBehindTheNodes() {
    assertThat(analyze(target("10.0.9.2", 8080), pods(pod("10.0.9.2", false, ""))).interfaceId())
        .isEqualTo("eni-second");
  }

  @Test
  void aPodWithAnInterfaceOfItsOwnIsJudgedByItsGroups() {
    var path = analyze(target("10.0.9.99", 8080), pods(pod("10.0.9.99", false, "eni-branch")));

    assertThat(path.interfaceId()).isEqualTo("eni-branch");
    assertThat(path.verdict()).isEqualTo(PERMITTED);
  }

  @Test
  void inStandardModeTheNodesGroupsMayApplyTooAndMustAgree() {
    var standard =
        pods(pod("10.0.9.99", false, "eni-branch"))
            .with(
                Resources.CNI_SETTINGS,
                Snapshot.of(new CniSettings(false, false, true, true, false), NOW, ofSeconds(60)));

    assertThat(analyze(target("10.0.9.99", 8080), standard).verdict()).isEqualTo(UNKNOWN);
  }

  @Test
  void aPodOnTheHostNetworkIsBehindThePrimaryInterface() {
    var path = analyze(target("10.0.9.1", 8080), pods(pod("10.0.9.1", true, "")));

    assertThat(path.interfaceId()).isEqualTo("eni-primary");
    assertThat(path.verdict()).isEqualTo(BLOCKED);
  }

  @Test
  void aTargetOnFargateIsFoundByItsAddress() {
    var path = analyze(target("10.0.7.7", 8080), Inventory.EMPTY);

    assertThat(path.interfaceId()).isEqualTo("eni-fargate");
    assertThat(path.verdict()).isEqualTo(PERMITTED);
  }

  @Test
  void anInstanceIsReachedAtItsNodePortByItsPrimaryInterface() {
    var path = analyze(target("i-1", 31000), Inventory.EMPTY);

    assertThat(path.interfaceId()).isEqualTo("eni-primary");
    assertThat(path.port()).isEqualTo(31000);
    assertThat(path.verdict()).isEqualTo(BLOCKED);
    assertThat(path.reason())
        .isEqualTo("no ingress rule of sg-node permits tcp 31000 from the other end");
  }

  @Test
  void aTargetWhoseInterfaceIsNotFoundIsUnknown() {
    var path = analyze(target("10.0.55.5", 8080), Inventory.EMPTY);

    assertThat(path.verdict()).isEqualTo(UNKNOWN);
    assertThat(path.interfaceId()).isEmpty();
    assertThat(path.reason()).isEqualTo("no network interface was found for 10.0.55.5");
  }

  @Test
  void trafficAndHealthCheckAreJudgedEachByItsPort() {
    var target = new TargetHealth("tg", "10.0.7.7", 8080, "", "unhealthy", "", "", 9090);
    var paths =
        ReachabilityQuery.of(inventory(target)).stream()
            .map(question -> analyze(question, Inventory.EMPTY))
            .toList();

    assertThat(paths).extracting(SecurityPath::use).containsExactly(TRAFFIC, HEALTH_CHECK);
    assertThat(paths).extracting(SecurityPath::port).containsExactly(8080, 9090);
    assertThat(paths).extracting(SecurityPath::verdict).containsExactly(PERMITTED, BLOCKED);
  }

  @Test
  void targetsThatLeaveAreNotJudged() {
    var target = new TargetHealth("tg", "10.0.7.7", 8080, "", "draining", "", "", 8080);

    assertThat(ReachabilityQuery.of(inventory(target))).isEmpty();
  }

  @Test
  void whoMaySeeClientsIsNotBlockedByARuleForClients() {
    var clients =
        new SecurityGroupRules(
            Map.of(
                "sg-fargate",
                List.of(
                    new SecurityRule(
                        "sgr-1",
                        "sg-fargate",
                        false,
                        "tcp",
                        8080,
                        8080,
                        new Peer.Addresses(Cidr.of("192.0.2.0/24"))))),
            Map.of());
    var network = balancer("network", List.of());
    var target = target("10.0.7.7", 8080);
    var analyzer =
        new ReachabilityAnalyzer(TargetInterfaces.of(Inventory.EMPTY), ALL, subnets(), clients);

    assertThat(analyzer.analyze(query(network, target, TRAFFIC)).verdict()).isEqualTo(UNKNOWN);
    assertThat(analyzer.analyze(query(network, target, HEALTH_CHECK)).verdict()).isEqualTo(BLOCKED);
    assertThat(
            analyzer
                .analyze(
                    new ReachabilityQuery(
                        network,
                        group().withPreservesClientIp(false),
                        target,
                        TRAFFIC,
                        8080,
                        List.of(Transport.TCP)))
                .verdict())
        .as("targets see the addresses of the load balancer")
        .isEqualTo(BLOCKED);
  }

  @Test
  void whatMustBeAskedFollowsFromWhatTheTargetsAre() {
    var inventory =
        pods(
            pod("10.0.9.99", false, "eni-branch"),
            pod("10.0.9.40", false, ""),
            new ServicePod("10.0.7.7", "fargate", true, false, Optional.empty(), Instant.EPOCH));

    var wanted =
        TargetInterfaces.of(inventory)
            .wanted(
                List.of(
                    target("10.0.9.99", 80),
                    target("10.0.9.40", 80),
                    target("10.0.7.7", 80),
                    target("i-9", 80)));

    assertThat(wanted)
        .isEqualTo(
            new TargetInterfaces.Wanted(
                List.of("eni-branch"), List.of("i-1", "i-9"), List.of("10.0.7.7")));
  }

  private static SecurityPath analyze(TargetHealth target, Inventory inventory) {
    return analyze(query(balancer("application", List.of("sg-lb")), target, TRAFFIC), inventory);
  }

  private static SecurityPath analyze(ReachabilityQuery query, Inventory inventory) {
    return new ReachabilityAnalyzer(TargetInterfaces.of(inventory), ALL, subnets(), OPEN_FOR_PODS)
        .analyze(query);
  }

  private static ReachabilityQuery query(
      LoadBalancer balancer, TargetHealth target, SecurityPath.Use use) {
    return new ReachabilityQuery(
        balancer, group(), target, use, target.port(), List.of(Transport.TCP));
  }

  private static Map<String, List<Cidr>> subnets() {
    return Map.of("subnet-a", List.of(Cidr.of("10.0.0.0/24")));
  }

  private static Inventory inventory(TargetHealth target) {
    var health =
        new GroupHealth("tg", Snapshot.of(List.of(target), NOW, ofSeconds(30)), Optional.empty());
    return Inventory.EMPTY
        .with(
            Resources.LOAD_BALANCERS,
            Snapshot.of(List.of(balancer("application", List.of("sg-lb"))), NOW, ofSeconds(60)))
        .with(Resources.TARGET_GROUPS, Snapshot.of(List.of(group()), NOW, ofSeconds(60)))
        .with(Resources.TARGET_HEALTH, Snapshot.of(List.of(health), NOW, ofSeconds(30)));
  }

  private static Inventory pods(ServicePod... pods) {
    return Inventory.EMPTY
        .with(Resources.SERVICE_PODS, Snapshot.of(List.of(pods), NOW, ofSeconds(60)))
        .with(Resources.NODES, Snapshot.of(List.of(node("node-1", "i-1")), NOW, ofSeconds(60)));
  }

  private static ServicePod pod(String ip, boolean hostNetwork, String branch) {
    return new ServicePod(
        ip,
        "node-1",
        true,
        hostNetwork,
        branch.isEmpty() ? Optional.empty() : Optional.of(branch),
        Instant.EPOCH);
  }

  private static KubeNode node(String name, String instance) {
    return new KubeNode(
        name, "a", instance, List.of(), ComputeType.EC2, true, 29, 1, List.of(), NOW);
  }

  private static TargetHealth target(String id, int port) {
    return new TargetHealth("tg", id, port, "", "unhealthy", "Target.Timeout", "", port);
  }

  private static TargetGroup group() {
    return new TargetGroup(
        "tg",
        "tg",
        "HTTP",
        "HTTP1",
        80,
        "ip",
        List.of("lb"),
        new HealthCheck(true, "HTTP", "traffic-port", "/", "200", ofSeconds(15), ofSeconds(5)),
        Optional.empty());
  }

  private static LoadBalancer balancer(String type, List<String> groups) {
    return new LoadBalancer(
        "lb",
        "lb",
        "lb.example",
        type,
        Scheme.INTERNAL,
        "active",
        "",
        "vpc-1",
        Map.of("a", "subnet-a"),
        groups,
        List.of(),
        NOW,
        Optional.empty());
  }

  private static NetworkInterface nic(
      String id, boolean primary, List<String> addresses, List<String> prefixes, String group) {
    return new NetworkInterface(
        id,
        "subnet-n",
        id.equals("eni-branch") ? "" : "i-1",
        primary,
        addresses,
        prefixes,
        List.of(group));
  }

  private static SecurityRule ingress(String group, int port) {
    return new SecurityRule(
        "sgr-in", group, false, "tcp", port, port, new Peer.Group("sg-lb", false));
  }

  private static SecurityRule egressToAll() {
    return new SecurityRule(
        "sgr-out", "sg-lb", true, "-1", -1, -1, new Peer.Addresses(Cidr.of("0.0.0.0/0")));
  }
}
