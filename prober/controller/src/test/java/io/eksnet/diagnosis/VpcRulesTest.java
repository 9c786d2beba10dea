package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_ZONE_MISSING;
import static io.eksnet.model.diagnosis.RootCause.NACL_BLOCKS;
import static io.eksnet.model.diagnosis.RootCause.NACL_OR_ROUTE;
import static io.eksnet.model.diagnosis.RootCause.NAT_GATEWAY_FAILED;
import static io.eksnet.model.diagnosis.RootCause.NO_EGRESS;
import static io.eksnet.model.diagnosis.RootCause.ROUTE_MISSING;
import static io.eksnet.model.diagnosis.RootCause.TARGET_HUNG;
import static io.eksnet.model.diagnosis.RootCause.VPC_RESOLVER_FAILING;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.NatGateway;
import io.eksnet.model.inventory.NetworkAcl;
import io.eksnet.model.inventory.NetworkAcl.Entry;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.RouteTable.Route;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.VpcDns;
import io.eksnet.model.inventory.VpcEndpoint;
import io.eksnet.model.inventory.VpcEndpoint.Placement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Network ACLs, routes, NAT gateways and zones of VPC endpoints. */
class VpcRulesTest {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final Entry ALLOW_IN = new Entry(100, false, true, -1, "0.0.0.0/0", 0, 0);
  private static final Entry ALLOW_OUT = new Entry(100, true, true, -1, "0.0.0.0/0", 0, 0);
  private static final Route PCX_GONE = new Route("10.9.0.0/16", "pcx-1", false);
  private static final String OTHER_ARN = "arn:tg/api";
  private static final Predicate<SeriesKey> STS = Scene.a(StsKey.class);

  /** Load balancers are in subnets of their own, nodes in subnet-a, -b and -c. */
  private static Scene scene() {
    var lb = Scene.loadBalancer("active");
    return Scene.healthy()
        .with(
            Resources.SUBNETS,
            Stream.concat(
                    Scene.healthy().evidence().inventory().list(Resources.SUBNETS).stream(),
                    Stream.of(lbSubnet("subnet-1", 0), lbSubnet("subnet-2", 1)))
                .toList())
        .with(Resources.LOAD_BALANCERS, List.of(in(lb, "subnet-1", "subnet-2")))
        .with(
            Resources.AGENTS,
            new AgentFleet(
                Scene.NODES.size(), Scene.NODES.stream().map(VpcRulesTest::agent).toList()))
        .with(Resources.NETWORK_ACLS, List.of(acl("acl-1", ALLOW_IN, ALLOW_OUT)))
        .with(
            Resources.ROUTE_TABLES,
            List.of(table("rtb-1", true, new Route("0.0.0.0/0", "nat-1", true))))
        .with(
            Resources.NAT_GATEWAYS,
            List.of(new NatGateway("nat-1", "subnet-1", true, "available", "")))
        .with(Resources.VPC_DNS, new VpcDns(true, true));
  }

  private static boolean isInZoneC(String node) {
    return Scene.zone(node).equals("eu-west-1c");
  }

  private static Subnet lbSubnet(String id, int zone) {
    return new Subnet(
        id,
        Scene.ZONES.get(zone),
        "10.0.1%d.0/24".formatted(zone),
        200,
        Set.of(SubnetRole.ELB_PUBLIC),
        Map.of(),
        List.of());
  }

  private static LoadBalancer in(LoadBalancer lb, String... subnets) {
    return new LoadBalancer(
        lb.arn(),
        lb.name(),
        lb.dnsName(),
        lb.type(),
        lb.scheme(),
        lb.state(),
        "",
        lb.vpcId(),
        Map.of(Scene.ZONES.get(0), subnets[0], Scene.ZONES.get(1), subnets[1]),
        lb.securityGroups(),
        lb.listeners(),
        lb.created(),
        lb.idleTimeout());
  }

  private static Agent agent(String node) {
    var zone = Scene.ZONES.indexOf(Scene.zone(node));
    return new Agent(node, Scene.zone(node), "10.0." + zone + ".1" + node.substring(1), true);
  }

  private static NetworkAcl acl(String id, Entry... entries) {
    return new NetworkAcl(id, true, List.of(), List.of(entries));
  }

  private static NetworkAcl aclOf(String subnet, Entry... entries) {
    return new NetworkAcl("acl-" + subnet, false, List.of(subnet), List.of(entries));
  }

  private static RouteTable table(String id, boolean main, Route... routes) {
    var all = Stream.concat(Stream.of(new Route("10.0.0.0/16", "local", true)), Stream.of(routes));
    return new RouteTable(id, main, main ? List.of() : List.of("subnet-c"), all.toList());
  }

  private static Entry deny(int number, boolean egress, String range, int from, int to) {
    return new Entry(number, egress, false, TCP, range, from, to);
  }

  /** All targets time out. */
  private static Scene silent() {
    return scene()
        .targets(
            Scene.TARGET_IPS.stream()
                .map(ip -> Scene.target(ip, "unhealthy", "Target.Timeout", "Request timed out"))
                .toList());
  }

  private static Finding one(Scene scene, RootCause cause) {
    return scene.findings().stream()
        .filter(finding -> finding.cause() == cause)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void namesRuleDirectionAndPortsOfAclThatDeniesHealthChecks() {
    var scene =
        silent()
            .with(
                Resources.NETWORK_ACLS,
                List.of(
                    acl(
                        "acl-1",
                        ALLOW_IN,
                        ALLOW_OUT,
                        deny(90, false, "10.0.8.0/21", 8_000, 9_000))));

    var finding = one(scene, NACL_BLOCKS);
    assertThat(finding.scope()).isEqualTo("network_acl/acl-1");
    assertThat(finding.confidence().percent()).isEqualTo(90);
    assertThat(finding.evidence().get(0))
        .isEqualTo("inbound rule 90 of acl-1 denies TCP 8080 from 10.0.10.0/24");
    assertThat(finding.affected()).containsExactly("target_group/k8s-shop-web-tg");
    assertThat(scene.causes()).doesNotContain(NACL_OR_ROUTE, RootCause.TARGET_HUNG);
  }

  @Test
  void namesMissingRuleForResponses() {
    var scene =
        silent()
            .with(
                Resources.NETWORK_ACLS,
                List.of(
                    acl("acl-1", ALLOW_IN, new Entry(10, true, true, TCP, "0.0.0.0/0", 443, 443))));

    assertThat(one(scene, NACL_BLOCKS).evidence().get(0))
        .isEqualTo("outbound rule * of acl-1 denies TCP 8080 to 10.0.0.80");
  }

  @Test
  void isLessSureIfOnlyPartOfTheEphemeralPortsIsDenied() {
    var scene =
        silent()
            .with(
                Resources.NETWORK_ACLS,
                List.of(
                    acl("acl-1", ALLOW_IN, ALLOW_OUT, deny(50, true, "10.0.8.0/21", 1, 32_767))));

    assertThat(one(scene, NACL_BLOCKS).evidence().get(0))
        .isEqualTo("outbound rule 50 of acl-1 denies TCP 1024-32767 to 10.0.10.0/24");
    assertThat(one(scene, NACL_BLOCKS).confidence().percent()).isEqualTo(65);
  }

  @Test
  void doesNotBlameRuleThatSuccessContradicts() {
    var denying =
        List.of(acl("acl-1", deny(90, false, "10.0.8.0/21", 0, 65_535), ALLOW_IN, ALLOW_OUT));
    var some =
        scene()
            .targets(
                List.of(
                    Scene.target("10.0.0.80", "unhealthy", "Target.Timeout", "Request timed out"),
                    Scene.target("10.0.1.80", "healthy", "", "")))
            .with(Resources.NETWORK_ACLS, denying);

    assertThat(some.causes()).doesNotContain(NACL_BLOCKS);
    assertThat(scene().with(Resources.NETWORK_ACLS, denying).findings()).isEmpty();
  }

  /** Adds a target group with one target, at port 9090, beside that of the scene. */
  private static Scene withOtherGroup(Scene scene, String ip, String state, String reason) {
    var group = Scene.targetGroup();
    var other =
        new TargetGroup(
            OTHER_ARN,
            "k8s-shop-api-tg",
            group.protocol(),
            group.protocolVersion(),
            9090,
            group.targetType(),
            group.loadBalancerArns(),
            group.healthCheck(),
            group.preservesClientIp());
    var target = new TargetHealth(OTHER_ARN, ip, 9090, Scene.ZONES.get(2), state, reason, "", 9090);
    var health = scene.evidence().inventory().list(Resources.TARGET_HEALTH);
    return scene
        .with(Resources.TARGET_GROUPS, List.of(group, other))
        .with(
            Resources.TARGET_HEALTH,
            Stream.concat(
                    health.stream(),
                    Stream.of(
                        new GroupHealth(
                            OTHER_ARN,
                            Snapshot.of(List.of(target), Scene.NOW, Duration.ofMinutes(1)),
                            Optional.empty())))
                .toList());
  }

  private static List<RootCause> unexplained(Scene scene) {
    return Causality.causes(scene.findings()).stream().map(Finding::cause).toList();
  }

  @Test
  void aclOfOneTargetGroupDoesNotExplainAnotherThatHangs() {
    var hung = silent().failing(Scene.a(TargetKey.class), "timeout", Phase.PROCESSING);
    var both =
        withOtherGroup(hung, "10.0.2.90", "unhealthy", "Target.Timeout")
            .with(
                Resources.NETWORK_ACLS,
                List.of(
                    acl(
                        "acl-1",
                        ALLOW_IN,
                        ALLOW_OUT,
                        deny(90, false, "10.0.8.0/21", 9_090, 9_090))));

    assertThat(one(both, NACL_BLOCKS).affected()).containsExactly("target_group/k8s-shop-api-tg");
    assertThat(unexplained(both)).contains(NACL_BLOCKS, TARGET_HUNG);
  }

  @Test
  void aclOfTargetsDoesNotExplainEgressThatFails() {
    var both =
        silent()
            .failing(STS, "timeout", Phase.CONNECT)
            .with(
                Resources.NETWORK_ACLS,
                List.of(
                    acl(
                        "acl-1",
                        ALLOW_IN,
                        ALLOW_OUT,
                        deny(90, false, "10.0.8.0/21", 8_000, 9_000))));

    assertThat(unexplained(both)).contains(NACL_BLOCKS, NO_EGRESS);
  }

  /** The ephemeral ports of load balancers include that of RDP. */
  @Test
  void ruleAgainstRdpDoesNotHideTargetsThatHang() {
    var hung =
        silent()
            .failing(Scene.a(TargetKey.class), "timeout", Phase.PROCESSING)
            .with(
                Resources.NETWORK_ACLS,
                List.of(
                    acl("acl-1", ALLOW_IN, ALLOW_OUT, deny(90, false, "0.0.0.0/0", 3_389, 3_389))));

    assertThat(unexplained(hung)).contains(TARGET_HUNG);
    assertThat(withOtherGroup(hung, "10.0.2.90", "healthy", "").causes())
        .as("a target of another group is healthy in spite of the rule")
        .contains(TARGET_HUNG)
        .doesNotContain(NACL_BLOCKS);
  }

  @Test
  void ruleAgainstRdpDoesNotHideZoneThatIsCutOff() {
    var rdp =
        List.of(acl("acl-1", ALLOW_IN, ALLOW_OUT, deny(90, false, "0.0.0.0/0", 3_389, 3_389)));

    assertThat(unexplained(silent().with(Resources.NETWORK_ACLS, rdp))).contains(NACL_OR_ROUTE);
  }

  @Test
  void inferredCauseIsLeftForAclsThatCannotBeRead() {
    assertThat(silent().without(Resources.NETWORK_ACLS).causes()).contains(NACL_OR_ROUTE);
    assertThat(one(silent(), NACL_OR_ROUTE).excluded())
        .contains("not a network ACL: those of the subnets allow the health checks");
    assertThat(one(silent().without(Resources.NETWORK_ACLS), NACL_OR_ROUTE).fix())
        .anyMatch(step -> step.contains("network ACLs"));
  }

  @Test
  void namesAclBetweenAgentsAndQueriesThatItDenies() {
    var dns = new Entry(90, false, false, UDP, "10.0.2.0/24", 53, 53);
    var acls =
        List.of(
            acl("acl-1", ALLOW_IN, ALLOW_OUT),
            aclOf("subnet-a", dns, ALLOW_IN, ALLOW_OUT),
            aclOf("subnet-c", deny(90, false, "10.0.0.0/23", 0, 65_535), ALLOW_IN, ALLOW_OUT));
    var mesh =
        scene()
            .with(Resources.NETWORK_ACLS, acls)
            .failing(
                node -> !isInZoneC(node),
                key -> key instanceof PodKey pod && pod.targetZone().equals("eu-west-1c"),
                "timeout",
                Phase.CONNECT);
    assertThat(one(mesh, NACL_BLOCKS).scope()).isEqualTo("network_acl/acl-subnet-c");
    assertThat(one(mesh, NACL_BLOCKS).evidence().get(0))
        .startsWith("inbound rule 90 of acl-subnet-c denies TCP 9853 from 10.0.");

    var queries =
        scene()
            .with(Resources.NETWORK_ACLS, acls)
            .failing(
                VpcRulesTest::isInZoneC,
                key ->
                    key instanceof DnsKey query
                        && query.server().equals("10.0.0.10")
                        && query.proto().equals("udp"),
                "timeout",
                Phase.PROCESSING);
    assertThat(one(queries, NACL_BLOCKS).evidence().get(0))
        .startsWith("inbound rule 90 of acl-subnet-a denies UDP 53 from 10.0.2.");
  }

  /** NLB User Guide, "Client IP preservation": targets see clients, health checks do not. */
  @Test
  void evaluatesClientsOfNetworkLoadBalancerThatPreservesTheirAddresses() {
    var lb = in(Scene.loadBalancer("active"), "subnet-1", "subnet-2");
    var network =
        scene()
            .with(Resources.LOAD_BALANCERS, List.of(network(lb)))
            .with(
                Resources.NETWORK_ACLS,
                List.of(
                    acl("acl-1", new Entry(100, false, true, -1, "10.0.0.0/8", 0, 0), ALLOW_OUT)))
            .failing(Scene.a(LbKey.class), "timeout", Phase.CONNECT);

    var preserved =
        network.with(Resources.TARGET_GROUPS, List.of(tcp().withPreservesClientIp(true)));
    assertThat(one(preserved, NACL_BLOCKS).evidence().get(0))
        .startsWith("inbound rule * of acl-1 denies TCP 8080 from 3.0.0.0/8");
    var hidden = network.with(Resources.TARGET_GROUPS, List.of(tcp().withPreservesClientIp(false)));
    assertThat(hidden.causes()).doesNotContain(NACL_BLOCKS);
  }

  private static LoadBalancer network(LoadBalancer lb) {
    return new LoadBalancer(
        lb.arn(),
        lb.name(),
        lb.dnsName(),
        "network",
        lb.scheme(),
        lb.state(),
        "",
        lb.vpcId(),
        lb.subnets(),
        lb.securityGroups(),
        lb.listeners(),
        lb.created(),
        lb.idleTimeout());
  }

  private static TargetGroup tcp() {
    var group = Scene.targetGroup();
    return new TargetGroup(
        group.arn(),
        group.name(),
        "TCP",
        "",
        group.port(),
        group.targetType(),
        group.loadBalancerArns(),
        group.healthCheck(),
        group.preservesClientIp());
  }

  @Test
  void namesRouteTableWithoutRouteAndWithBlackhole() {
    var failing = scene().failing(VpcRulesTest::isInZoneC, STS, "timeout", Phase.CONNECT);
    var without =
        failing.with(
            Resources.ROUTE_TABLES,
            List.of(
                table("rtb-1", true, new Route("0.0.0.0/0", "nat-1", true)),
                table("rtb-c", false)));

    var finding = one(without, ROUTE_MISSING);
    assertThat(finding.scope()).isEqualTo("route_table/rtb-c");
    assertThat(finding.evidence().get(0)).isEqualTo("rtb-c (subnet-c) has no route to 0.0.0.0/0");
    assertThat(finding.evidence().get(1)).contains("2 of 6 nodes");
    assertThat(finding.explains()).contains(NO_EGRESS);

    var blackhole =
        failing.with(
            Resources.ROUTE_TABLES,
            List.of(table("rtb-c", false, new Route("0.0.0.0/0", "tgw-1", false))));
    assertThat(one(blackhole, ROUTE_MISSING).evidence().get(0))
        .isEqualTo("the route of rtb-c (subnet-c) to 0.0.0.0/0 by tgw-1 is a blackhole");
  }

  @Test
  void doesNotBlameRouteTableOfNodesThatReachTheInternet() {
    var one = scene().failing("n3"::equals, STS, "timeout", Phase.CONNECT);
    var tables = List.of(table("rtb-c", false));

    assertThat(one.with(Resources.ROUTE_TABLES, tables).causes()).containsExactly(NO_EGRESS);
    assertThat(scene().with(Resources.ROUTE_TABLES, tables).findings()).isEmpty();
  }

  @Test
  void leavesRoutesByPrefixListAndSplitDefaultRoutesAlone() {
    var failing = scene().failing(VpcRulesTest::isInZoneC, STS, "timeout", Phase.CONNECT);
    for (var route :
        List.of(
            new Route("pl-1", "tgw-1", true),
            new Route("0.0.0.0/1", "nat-1", true),
            new Route("52.0.0.0/8", "eni-1", true))) {
      assertThat(
              failing.with(Resources.ROUTE_TABLES, List.of(table("rtb-c", false, route))).causes())
          .as("%s", route)
          .containsExactly(NO_EGRESS);
    }
  }

  @Test
  void namesStateAndFailureOfNatGateway() {
    var failing = scene().failing(STS, "timeout", Phase.CONNECT);
    var failed =
        failing.with(
            Resources.NAT_GATEWAYS,
            List.of(new NatGateway("nat-1", "subnet-1", true, "failed", "Gateway.NotAttached: x")));

    var finding = one(failed, NAT_GATEWAY_FAILED);
    assertThat(finding.scope()).isEqualTo("nat_gateway/nat-1");
    assertThat(finding.evidence().get(0))
        .isEqualTo("nat-1, to which rtb-1 routes 0.0.0.0/0, is failed: Gateway.NotAttached: x");
    var pending =
        failing.with(
            Resources.NAT_GATEWAYS,
            List.of(new NatGateway("nat-1", "subnet-1", true, "pending", "")));
    assertThat(pending.causes()).containsExactly(NO_EGRESS);
    assertThat(failing.without(Resources.NAT_GATEWAYS).causes()).containsExactly(NO_EGRESS);
  }

  @Test
  void namesNatGatewayInZoneThatIsCutOff() {
    var scene =
        scene()
            .failing(VpcRulesTest::isInZoneC, STS, "timeout", Phase.CONNECT)
            .failing(
                VpcRulesTest::isInZoneC,
                key -> key instanceof PodKey pod && pod.targetZone().equals("eu-west-1a"),
                "timeout",
                Phase.CONNECT);

    assertThat(one(scene, NAT_GATEWAY_FAILED).evidence().get(0))
        .isEqualTo("nat-1 is in eu-west-1a, which these nodes do not reach");
  }

  @Test
  void namesRouteTableOfLoadBalancerWithoutRouteToPeeredNetwork() {
    var peered =
        scene()
            .targets(
                List.of(
                    Scene.target("10.9.0.8", "unhealthy", "Target.Timeout", "Request timed out")));

    assertThat(one(withRoute(peered, "10.9.0.0/16", false), ROUTE_MISSING).evidence().get(0))
        .isEqualTo("the route of rtb-1 to 10.9.0.0/16 by pcx-1 is a blackhole");
    assertThat(withRoute(peered, "10.9.0.0/16", true).causes()).doesNotContain(ROUTE_MISSING);
    assertThat(one(withRoute(peered, "10.8.0.0/16", true), ROUTE_MISSING).evidence().get(0))
        .isEqualTo("rtb-1 has no route to 10.9.0.8");
  }

  @Test
  void missingRouteToPeeredNetworkAffectsAllItsTargetGroupsAndNoEgress() {
    var peered =
        scene()
            .failing(STS, "timeout", Phase.CONNECT)
            .targets(
                List.of(
                    Scene.target("10.9.0.8", "unhealthy", "Target.Timeout", "Request timed out")));
    var both = withOtherGroup(peered, "10.9.0.9", "unhealthy", "Target.Timeout");
    var tables =
        List.of(
            table("rtb-1", true, new Route("0.0.0.0/0", "nat-1", true), PCX_GONE),
            table("rtb-c", false, new Route("0.0.0.0/0", "nat-1", true)));

    var finding = one(both.with(Resources.ROUTE_TABLES, tables), ROUTE_MISSING);
    assertThat(finding.affected())
        .containsExactly("target_group/k8s-shop-api-tg", "target_group/k8s-shop-web-tg");
    assertThat(finding.fix().get(0))
        .isEqualTo(
            "in rtb-1, add a route to 10.9.0.8, 10.9.0.9 through the peering connection or transit"
                + " gateway");
    assertThat(unexplained(both.with(Resources.ROUTE_TABLES, tables)))
        .contains(ROUTE_MISSING, NO_EGRESS);
  }

  private static Scene withRoute(Scene scene, String destination, boolean active) {
    return scene.with(
        Resources.ROUTE_TABLES,
        List.of(table("rtb-1", true, new Route(destination, "pcx-1", active))));
  }

  @Test
  void namesZoneThatAnEndpointLacks() {
    var scene =
        scene()
            .host(node -> true, VpcRulesTest::privateSts)
            .with(Resources.VPC_ENDPOINTS, List.of(endpoint("eu-west-1a", "eu-west-1b")));

    var zone = scene.failing(VpcRulesTest::isInZoneC, STS, "timeout", Phase.CONNECT);
    assertThat(one(zone, ENDPOINT_ZONE_MISSING).evidence().get(0))
        .isEqualTo("vpce-1 has addresses in eu-west-1a, eu-west-1b, and none in eu-west-1c");
    assertThat(one(zone, ENDPOINT_ZONE_MISSING).explains()).contains(ENDPOINT_UNREACHABLE);
    assertThat(scene.findings()).isEmpty();
    assertThat(scene.failing(STS, "timeout", Phase.CONNECT).causes())
        .as("all zones fail")
        .containsExactly(ENDPOINT_UNREACHABLE);
    assertThat(zone.with(Resources.VPC_ENDPOINTS, List.of(endpoint())).causes())
        .as("its subnets are unknown")
        .containsExactly(ENDPOINT_UNREACHABLE);
  }

  private static HostReport privateSts(HostReport host) {
    return new HostReport(
        host.nameserversOk(),
        host.podIdentityAgent(),
        host.ipamd(),
        host.pool(),
        host.allowances(),
        Map.of("sts", true),
        Map.of());
  }

  private static VpcEndpoint endpoint(String... zones) {
    return new VpcEndpoint(
        "vpce-1",
        "sts",
        "available",
        true,
        Stream.of(zones)
            .map(
                zone ->
                    new Placement(
                        "subnet-" + zone.charAt(zone.length() - 1),
                        zone,
                        "10.0." + Scene.ZONES.indexOf(zone) + ".0/24"))
            .toList());
  }

  @Test
  void namesDnsAttributeThatIsOff() {
    var scene =
        scene()
            .failing(Scene.dns("vpc_resolver"), "timeout", Phase.PROCESSING)
            .failing(Scene.dns("service", "aws"), "servfail", Phase.PROCESSING);

    assertThat(
            one(scene.with(Resources.VPC_DNS, new VpcDns(false, true)), VPC_RESOLVER_FAILING).fix())
        .containsExactly("switch on enableDnsSupport of the VPC");
    assertThat(one(scene, VPC_RESOLVER_FAILING).excluded())
        .contains("not the attributes of the VPC: enableDnsSupport is on");
    assertThat(one(scene.without(Resources.VPC_DNS), VPC_RESOLVER_FAILING).fix().get(0))
        .startsWith("check that enableDnsSupport");
  }
}
