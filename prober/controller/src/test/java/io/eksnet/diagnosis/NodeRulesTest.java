package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.BRANCH_ENI_LIMIT;
import static io.eksnet.model.diagnosis.RootCause.CNI_PERMISSION_MISSING;
import static io.eksnet.model.diagnosis.RootCause.ENI_CREATION_REFUSED;
import static io.eksnet.model.diagnosis.RootCause.EXTENDED_SUPPORT;
import static io.eksnet.model.diagnosis.RootCause.INSTANCE_ADDRESS_LIMIT;
import static io.eksnet.model.diagnosis.RootCause.IPAMD_DOWN;
import static io.eksnet.model.diagnosis.RootCause.LEAKED_ENIS;
import static io.eksnet.model.diagnosis.RootCause.NODECLASS_PERMISSION_MISSING;
import static io.eksnet.model.diagnosis.RootCause.NODECLASS_SELECTOR_MISMATCH;
import static io.eksnet.model.diagnosis.RootCause.NODECLASS_UNRENDERED_TEMPLATE;
import static io.eksnet.model.diagnosis.RootCause.POD_SLOTS_FULL;
import static io.eksnet.model.diagnosis.RootCause.PROBER_TROUBLE;
import static io.eksnet.model.diagnosis.RootCause.SUBNET_EXHAUSTED;
import static io.eksnet.model.diagnosis.RootCause.SUBNET_FRAGMENTED;
import static io.eksnet.model.diagnosis.RootCause.WARM_POOL_HOLDS_ADDRESSES;
import static io.eksnet.model.diagnosis.RootCause.ZONE_OR_NODE_PARTITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.UnschedulableReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeRulesTest {
  private static final String ZONE_A = Scene.ZONES.get(0);
  private static final AddressPool REFUSING =
      new AddressPool(
          20,
          20,
          2,
          3,
          5,
          Map.of("AssignPrivateIpAddresses/InsufficientFreeAddressesInSubnet", 5L));

  @Test
  void reportsUnreachableNode() {
    var scene = Scene.healthy().failing(to("n1"), "timeout", Phase.CONNECT);

    assertThat(scene.causes()).containsExactly(ZONE_OR_NODE_PARTITION);
    assertThat(scene.findings().get(0).scope()).isEqualTo("node/n1");
  }

  /** The node responds: its agent restarts, or was removed a moment ago. */
  @ParameterizedTest
  @CsvSource({"conn_refused,CONNECT", "conn_reset,PROCESSING"})
  void ignoresNodeThatRefusesConnections(String outcome, Phase phase) {
    assertThat(Scene.healthy().failing(to("n1"), outcome, phase).findings()).isEmpty();
  }

  @Test
  void reportsUnreachableNodeByEachOutcomeWithoutResponse() {
    assertThat(Scene.healthy().failing(to("n1"), "unreachable", Phase.CONNECT).causes())
        .containsExactly(ZONE_OR_NODE_PARTITION);
  }

  @Test
  void ignoresRemovedPeer() {
    var scene =
        Scene.healthy()
            .with(
                Resources.AGENTS,
                new AgentFleet(
                    5,
                    Scene.healthy()
                        .evidence()
                        .inventory()
                        .get(Resources.AGENTS)
                        .orElseThrow()
                        .agents()
                        .stream()
                        .filter(agent -> !agent.node().equals("n1"))
                        .toList()))
            .failing(to("n1"), "timeout", Phase.CONNECT);

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void reportsZoneThatCannotReachAnother() {
    Predicate<SeriesKey> fromAToB =
        subject ->
            subject instanceof PodKey path
                && path.sourceZone().equals(ZONE_A)
                && path.targetZone().equals(Scene.ZONES.get(1));

    var scene = Scene.healthy().failing(fromAToB, "timeout", Phase.CONNECT);

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.scope()).isEqualTo("zone/eu-west-1a");
              assertThat(f.evidence().get(0))
                  .isEqualTo(
                      "no packets arrive from eu-west-1a to eu-west-1b, probed from 2 nodes");
            });
  }

  /** The agents of a zone that is cut off do not report either. */
  @Test
  void reportsUnreachableZoneOnceInsteadOfItsNodes() {
    var b = Scene.ZONES.get(1);
    var scene =
        Scene.healthy()
            .agents(
                agent ->
                    agent.zone().equals(b)
                        ? new AgentReport(agent.node(), b, List.of(), agent.host())
                        : agent)
            .failing(
                subject -> subject instanceof PodKey path && path.targetZone().equals(b),
                "timeout",
                Phase.CONNECT);

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(ZONE_OR_NODE_PARTITION);
              assertThat(f.scope()).isEqualTo("zone/" + b);
              assertThat(f.evidence().get(0))
                  .startsWith(
                      "no packets arrive from eu-west-1a to eu-west-1b, eu-west-1c to eu-west-1b");
            });
  }

  @Test
  void reportsFullSubnetWherePodsGetNoAddress() {
    var scene = starving(3);

    assertThat(scene.causes()).containsExactly(SUBNET_EXHAUSTED);
    assertThat(scene.findings().get(0).scope()).isEqualTo("subnet/subnet-a");
    assertThat(scene.findings().get(0).evidence())
        .containsExactly(
            "3 of 251 addresses are free in subnet-a (eu-west-1a)",
            "pods in eu-west-1a get no address",
            "EC2 returns InsufficientFreeAddressesInSubnet to n1, n4");
    assertThat(scene.findings().get(0).fix().get(0)).contains("WARM_IP_TARGET");
  }

  /** A pod with a node and without an address may wait for a volume. */
  @Test
  void countsPodsThatOnlyWaitWhereEventsAreUnknown() {
    var scene =
        Scene.healthy()
            .with(
                Resources.SUBNETS,
                List.of(Scene.subnet("subnet-a", 0, 3), Scene.subnet("subnet-b", 1, 200)))
            .with(
                Resources.PENDING_PODS,
                List.of(
                    new PendingPod(
                        "shop", "web-1", ZONE_A, Scheduling.DONE, Scene.NOW.minusSeconds(60))));
    var blind = scene.without(Resources.SANDBOX_FAILURES);

    assertThat(scene.causes()).doesNotContain(SUBNET_EXHAUSTED);
    assertThat(blind.causes()).containsExactly(SUBNET_EXHAUSTED, WARM_POOL_HOLDS_ADDRESSES);
    assertThat(blind.findings().get(0).confidence().label()).isEqualTo("medium");
  }

  /** A node gets addresses from its own subnet: another of its zone does not help. */
  @Test
  void reportsFullSubnetBesideAFreeOne() {
    var scene =
        starving(3)
            .with(
                Resources.SUBNETS,
                List.of(Scene.subnet("subnet-a", 0, 3), Scene.subnet("subnet-a2", 0, 200)));
    var atLimit =
        scene.pool(
            node -> Scene.zone(node).equals(ZONE_A), new AddressPool(27, 27, 3, 3, 4, Map.of()));

    assertThat(scene.findings())
        .extracting(Finding::cause, Finding::scope)
        .containsExactly(tuple(SUBNET_EXHAUSTED, "subnet/subnet-a"));
    assertThat(atLimit.causes()).containsExactly(INSTANCE_ADDRESS_LIMIT);
    assertThat(
            atLimit
                .pool(node -> true, new AddressPool(20, 20, 2, 3, 4, Map.of()))
                .with(
                    Resources.SUBNETS,
                    List.of(Scene.subnet("subnet-a2", 0, 200), Scene.subnet("subnet-b", 1, 200)))
                .causes())
        .as("no subnet is low")
        .isEmpty();
  }

  /** A large instance asks for the addresses of a whole interface at once. */
  @Test
  void reportsSubnetThatEc2RefusesThoughItIsNotLow() {
    var scene =
        starving(20)
            .pool(
                "n1"::equals,
                new AddressPool(
                    20,
                    20,
                    1,
                    3,
                    5,
                    Map.of("CreateNetworkInterface/InsufficientFreeAddressesInSubnet", 5L)));

    assertThat(scene.findings())
        .extracting(Finding::cause, Finding::scope)
        .containsExactly(tuple(SUBNET_EXHAUSTED, "subnet/subnet-a"));
  }

  @Test
  void ignoresFullSubnetWithoutWaitingPods() {
    var scene =
        Scene.healthy()
            .with(Resources.SUBNETS, List.of(Scene.subnet("subnet-a", 0, 3)))
            .pool(n -> true, new AddressPool(20, 20, 2, 3, 0, Map.of()));

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void reportsSubnetWithoutFreePrefix() {
    var scene =
        starving(200)
            .with(Resources.CNI_SETTINGS, new CniSettings(true, false, true, false, false))
            .with(Resources.FREE_PREFIXES, Map.of("subnet-a", 0, "subnet-b", 9, "subnet-c", 9));

    assertThat(scene.causes()).containsExactly(SUBNET_FRAGMENTED);
    assertThat(scene.without(Resources.FREE_PREFIXES).causes()).doesNotContain(SUBNET_FRAGMENTED);
    assertThat(
            scene
                .pool(
                    node -> Scene.zone(node).equals(ZONE_A),
                    new AddressPool(
                        5, 5, 2, 3, 9, Map.of("CreateNetworkInterface/InvalidParameterValue", 9L)))
                .causes())
        .as("the words of EC2 for a new interface")
        .containsExactly(SUBNET_FRAGMENTED);
    assertThat(
            scene
                .pool(
                    node -> Scene.zone(node).equals(ZONE_A),
                    new AddressPool(
                        5, 5, 2, 3, 9, Map.of("CreateNetworkInterface/InvalidParameterValue", 9L)))
                .without(Resources.FREE_PREFIXES)
                .causes())
        .as("free prefixes are unknown")
        .isEmpty();
  }

  @Test
  void countsOnlyEniConfigSubnetsWithCustomNetworking() {
    var scene =
        customNetworking(
            starving(200)
                .with(Resources.SUBNETS, List.of(Scene.subnet("subnet-a", 0, 200), pods(2))));

    assertThat(scene.findings())
        .extracting(Finding::cause, Finding::scope)
        .containsExactly(tuple(SUBNET_EXHAUSTED, "subnet/subnet-p"));
    assertThat(scene.findings().get(0).fix())
        .anyMatch(step -> step.contains("ENIConfig"))
        .noneMatch(step -> step.contains("role/cni"));
  }

  @Test
  void ignoresNodeSubnetsWithCustomNetworking() {
    var full = Scene.healthy().pool("n1"::equals, new AddressPool(27, 27, 3, 3, 4, Map.of()));
    var subnets = List.of(Scene.subnet("subnet-a", 0, 200), pods(2));
    var none = List.of(Scene.subnet("subnet-a", 0, 200));

    assertThat(customNetworking(full.with(Resources.SUBNETS, subnets)).causes())
        .containsExactly(SUBNET_EXHAUSTED);
    assertThat(customNetworking(full.with(Resources.SUBNETS, none)).findings()).isEmpty();
    assertThat(
            customNetworking(full.with(Resources.SUBNETS, List.of(subnets.get(0), pods(200))))
                .causes())
        .containsExactly(INSTANCE_ADDRESS_LIMIT);
  }

  private static Scene customNetworking(Scene scene) {
    return scene.with(Resources.CNI_SETTINGS, new CniSettings(false, true, true, false, true));
  }

  private static Subnet pods(int available) {
    return new Subnet(
        "subnet-p",
        ZONE_A,
        "100.64.0.0/24",
        available,
        Set.of(SubnetRole.POD_ENICONFIG),
        Map.of(),
        List.of());
  }

  @Test
  void reportsInstanceAddressLimit() {
    var scene = Scene.healthy().pool("n2"::equals, new AddressPool(27, 27, 3, 3, 4, Map.of()));

    assertThat(scene.causes()).containsExactly(INSTANCE_ADDRESS_LIMIT);
    assertThat(scene.findings().get(0).fix().get(0))
        .isEqualTo("set maxPods to ENIs x (addresses - 1) + 2 of the instance type");
  }

  /** The first interface gives pods no addresses with custom networking, nor does a trunk. */
  @Test
  void countsInterfacesWithoutPodsInTheLimit() {
    var two = Scene.healthy().pool("n2"::equals, new AddressPool(18, 18, 2, 3, 4, Map.of()));
    var trunk = new CniSettings(false, false, true, true, true);

    assertThat(two.causes()).as("a third interface is possible").isEmpty();
    assertThat(two.with(Resources.CNI_SETTINGS, trunk).causes())
        .containsExactly(INSTANCE_ADDRESS_LIMIT);
    assertThat(
            customNetworking(two.with(Resources.SUBNETS, List.of(pods(200), podsOf(1), podsOf(2))))
                .findings())
        .singleElement()
        .satisfies(
            f ->
                assertThat(f.fix().get(0))
                    .isEqualTo(
                        "set maxPods to (ENIs - 1) x (addresses - 1) + 2 of the instance type"));
  }

  private static Subnet podsOf(int zone) {
    return new Subnet(
        "subnet-p" + zone,
        Scene.ZONES.get(zone),
        "100.64." + zone + ".0/24",
        200,
        Set.of(SubnetRole.POD_ENICONFIG),
        Map.of(),
        List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "CreateNetworkInterface/InvalidParameterValue,true",
    "CreateNetworkInterface/SecurityGroupLimitExceeded,true",
    "AttachNetworkInterface/AttachmentLimitExceeded,true",
    "CreateNetworkInterface/RequestLimitExceeded,false",
    "DescribeNetworkInterfaces/InvalidParameterValue,false"
  })
  void reportsRefusedInterfacesWhereTheSubnetHasRoom(String error, boolean refused) {
    var pool = new AddressPool(5, 5, 2, 3, 9, Map.of(error, 9L));
    var scene = Scene.healthy().pool(node -> node.equals("n1") || node.equals("n4"), pool);

    assertThat(scene.causes()).isEqualTo(refused ? Set.of(ENI_CREATION_REFUSED) : Set.of());
    assertThat(
            scene
                .pool("n1"::equals, new AddressPool(20, 5, 2, 3, 0, Map.of(error, 9L)))
                .pool("n4"::equals, new AddressPool(20, 5, 2, 3, 0, Map.of(error, 9L)))
                .findings())
        .as("no pod is refused an address")
        .isEmpty();
  }

  @Test
  void reportsDeniedCallsOfCni() {
    var scene =
        Scene.healthy()
            .pool(
                "n2"::equals,
                new AddressPool(
                    10, 10, 1, 3, 4, Map.of("CreateNetworkInterface/UnauthorizedOperation", 4L)));

    assertThat(scene.causes()).containsExactly(CNI_PERMISSION_MISSING);
  }

  @Test
  void reportsIpamdDownExceptOnStartingNodes() {
    var down = Scene.healthy().host("n3"::equals, host -> ipamd(host, false));
    var young =
        down.each(
            Resources.NODES, node -> node.name().equals("n3") ? bornAt(node, Scene.NOW) : node);

    assertThat(down.causes()).containsExactly(IPAMD_DOWN);
    assertThat(young.findings()).isEmpty();
    assertThat(down.without(Resources.NODES).findings()).isEmpty();
  }

  @Test
  void requiresSandboxFailuresWhereNoIpamdResponds() {
    var off = Scene.healthy().host(node -> true, host -> ipamd(host, false));

    assertThat(off.findings()).isEmpty();
    assertThat(
            off.with(Resources.SANDBOX_FAILURES, List.of(unreachable("n3", Scene.NOW))).findings())
        .extracting(Finding::scope)
        .containsExactly("node/n3");
    assertThat(
            off.with(Resources.SANDBOX_FAILURES, List.of(unreachable("n3", Scene.LONG_AGO)))
                .findings())
        .isEmpty();
  }

  @Test
  void ignoresIpamdWithoutVpcCni() {
    var down = Scene.healthy().host("n3"::equals, host -> ipamd(host, false));

    assertThat(down.unavailable(Resources.CNI_SETTINGS, Unavailable.Reason.ABSENT).findings())
        .isEmpty();
    assertThat(down.unavailable(Resources.CNI_SETTINGS, Unavailable.Reason.DENIED).causes())
        .contains(IPAMD_DOWN);
  }

  @Test
  void countsOnlyNodesThatRunIpamd() {
    var down =
        Scene.healthy()
            .host(node -> true, host -> ipamd(host, false))
            .each(
                Resources.NODES,
                node -> node.name().equals("n3") ? node : ofType(node, ComputeType.AUTO));

    assertThat(down.findings()).extracting(Finding::scope).containsExactly("node/n3");
  }

  private static SandboxFailures unreachable(String node, Instant last) {
    return new SandboxFailures(
        Scene.zone(node), node, SandboxFailure.IPAMD_UNREACHABLE, 4, "", last);
  }

  @Test
  void reportsFullPodSlots() {
    var scene =
        Scene.healthy()
            .each(Resources.NODES, node -> with(node, 29))
            .with(
                Resources.PENDING_PODS,
                List.of(
                    new PendingPod(
                        "shop",
                        "web-1",
                        "",
                        new Scheduling(
                            false,
                            UnschedulableReason.INSUFFICIENT_PODS,
                            "0/6 nodes are available: 6 Insufficient pods."),
                        Scene.NOW.minusSeconds(60))));

    assertThat(scene.causes()).containsExactly(POD_SLOTS_FULL);
    assertThat(scene.each(Resources.NODES, node -> with(node, 10)).findings()).isEmpty();
    assertThat(
            scene
                .each(Resources.NODES, node -> with(node, node.name().equals("n1") ? 29 : 10))
                .findings())
        .as("one full node group is enough")
        .singleElement()
        .satisfies(
            f ->
                assertThat(f.evidence().get(1))
                    .isEqualTo("all 29 pod slots of 1 of 6 nodes are used: n1"));
  }

  @Test
  void reportsRecentBranchInterfaceFailures() {
    assertThat(branch(Scene.NOW.minusSeconds(200)).causes()).containsExactly(BRANCH_ENI_LIMIT);
    assertThat(branch(Scene.NOW.minusSeconds(400)).findings()).isEmpty();
  }

  @Test
  void reportsWarmPoolThatHoldsMissingAddresses() {
    var scene =
        Scene.healthy()
            .with(Resources.SUBNETS, List.of(Scene.subnet("subnet-a", 0, 10)))
            .pool(n -> true, new AddressPool(30, 10, 2, 3, 0, Map.of()));

    assertThat(scene.causes()).containsExactly(WARM_POOL_HOLDS_ADDRESSES);
    assertThat(scene.findings().get(0).confidence().label())
        .as("no pod is refused an address")
        .isEqualTo("medium");
    assertThat(
            scene
                .pool(
                    node -> Scene.zone(node).equals(ZONE_A),
                    new AddressPool(30, 10, 2, 3, 5, REFUSING.errors()))
                .findings())
        .extracting(Finding::cause, finding -> finding.confidence().percent())
        .containsExactly(tuple(SUBNET_EXHAUSTED, 95), tuple(WARM_POOL_HOLDS_ADDRESSES, 80));
  }

  /** A /28 has eleven addresses in all. */
  @Test
  void measuresSmallSubnetsByTheirOwnSize() {
    var small =
        Scene.healthy()
            .with(Resources.SUBNETS, List.of(slash28(6)))
            .pool(n -> true, new AddressPool(30, 10, 2, 3, 0, Map.of()));

    assertThat(small.findings()).isEmpty();
    assertThat(small.with(Resources.SUBNETS, List.of(slash28(2))).causes())
        .containsExactly(WARM_POOL_HOLDS_ADDRESSES);
  }

  private static Subnet slash28(int available) {
    return new Subnet(
        "subnet-a",
        ZONE_A,
        "10.0.0.0/28",
        available,
        Set.of(SubnetRole.NODE, SubnetRole.POD),
        Map.of(),
        List.of());
  }

  @Test
  void reportsLeakedInterfaces() {
    var scene =
        Scene.healthy()
            .with(Resources.SUBNETS, List.of(Scene.subnet("subnet-a", 0, 10)))
            .pool(n -> true, new AddressPool(10, 10, 2, 3, 0, Map.of()))
            .with(
                Resources.LEAKED_INTERFACES,
                IntStream.range(0, 4).mapToObj(i -> leaked(i)).toList());

    assertThat(scene.causes()).containsExactly(LEAKED_ENIS);
  }

  @Test
  void distinguishesReasonsOfUnreadyNodeClass() {
    var template =
        nodeClass("SubnetsNotFound", List.of("spec.subnetSelectorTerms[0]: ${cluster_name}"));

    assertThat(template.causes()).containsExactly(NODECLASS_UNRENDERED_TEMPLATE);
    assertThat(template.findings().get(0).confidence().percent()).isEqualTo(98);
    assertThat(nodeClass("SubnetsNotFound", List.of()).causes())
        .containsExactly(NODECLASS_SELECTOR_MISMATCH);
    assertThat(nodeClass("CreateFleetAuthCheckFailed", List.of()).causes())
        .containsExactly(NODECLASS_PERMISSION_MISSING);
    assertThat(nodeClass("DependenciesNotReady", List.of("spec.x: ${y}")).findings()).isEmpty();
  }

  /** Karpenter v1: each selector has a condition of its own. */
  @ParameterizedTest
  @CsvSource({
    "SecurityGroupsReady,SecurityGroupsNotFound,spec.securityGroupSelectorTerms",
    "AMIsReady,AMINotFound,spec.amiSelectorTerms"
  })
  void namesTheSelectorThatFindsNothing(String type, String reason, String field) {
    var template = nodeClass(type, reason, List.of(field + "[0]: ${cluster_name}"));

    assertThat(template.causes()).containsExactly(NODECLASS_UNRENDERED_TEMPLATE);
    assertThat(nodeClass(type, reason, List.of()).findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(NODECLASS_SELECTOR_MISMATCH);
              assertThat(f.fix().get(0)).contains(field);
            });
  }

  @Test
  void reportsATemplateInTheRole() {
    var reason = "InstanceProfileNotReady";

    assertThat(nodeClass("InstanceProfileReady", reason, List.of("spec.role: ${role}")).causes())
        .containsExactly(NODECLASS_UNRENDERED_TEMPLATE);
    assertThat(nodeClass("InstanceProfileReady", reason, List.of()).findings()).isEmpty();
  }

  @Test
  void reportsExtendedSupportWithinSixtyDays() {
    assertThat(support("EXTENDED", 30).causes()).containsExactly(EXTENDED_SUPPORT);
    assertThat(support("EXTENDED", 30).findings().get(0).evidence().get(0)).contains("ends on");
    assertThat(support("EXTENDED", -80).findings().get(0))
        .satisfies(
            f -> {
              assertThat(f.evidence().get(0)).contains("ended on");
              assertThat(f.fix().get(1)).as("too late for this version").contains("after the");
            });
    assertThat(support("EXTENDED", 61).findings()).isEmpty();
    assertThat(support("STANDARD", 30).findings()).isEmpty();
  }

  @Test
  void reportsDeniedReads() {
    var scene = Scene.healthy().unavailable(Resources.SUBNETS, Unavailable.Reason.DENIED);

    assertThat(scene.causes()).containsExactly(PROBER_TROUBLE);
    assertThat(
            Scene.healthy()
                .unavailable(Resources.NODE_CLASSES, Unavailable.Reason.ABSENT)
                .findings())
        .isEmpty();
  }

  @Test
  void reportsMissingAgents() {
    assertThat(Scene.healthy().withoutAgents().causes()).containsExactly(PROBER_TROUBLE);
  }

  private static Predicate<SeriesKey> to(String node) {
    return subject -> subject instanceof PodKey path && path.peer().equals(node);
  }

  private static Scene starving(int available) {
    return Scene.healthy()
        .with(
            Resources.SUBNETS,
            List.of(
                Scene.subnet("subnet-a", 0, available),
                Scene.subnet("subnet-b", 1, 200),
                Scene.subnet("subnet-c", 2, 200)))
        .pool(node -> Scene.zone(node).equals(ZONE_A), REFUSING);
  }

  private static Scene branch(Instant last) {
    return Scene.healthy()
        .with(
            Resources.SANDBOX_FAILURES,
            List.of(new SandboxFailures(ZONE_A, "n1", SandboxFailure.BRANCH_ENI, 7, "", last)));
  }

  private static Scene nodeClass(String reason, List<String> unrendered) {
    return nodeClass("SubnetsReady", reason, unrendered);
  }

  private static Scene nodeClass(String type, String reason, List<String> unrendered) {
    var condition = new Condition(type, "False", reason, "the message of Karpenter");
    return Scene.healthy()
        .with(
            Resources.NODE_CLASSES,
            List.of(
                new NodeClass(
                    "karpenter.k8s.aws", "default", List.of(condition), unrendered, List.of())));
  }

  private static Scene support(String type, int days) {
    var cluster = Scene.cluster(type);
    return Scene.healthy()
        .with(
            Resources.CLUSTER,
            new EksCluster(
                cluster.name(),
                cluster.region(),
                cluster.apiServer(),
                cluster.version(),
                cluster.vpcId(),
                cluster.subnetIds(),
                cluster.autoMode(),
                type,
                Optional.of(Scene.NOW.plus(Duration.ofDays(days))),
                List.of()));
  }

  private static NetworkInterface leaked(int i) {
    return new NetworkInterface(
        "eni-" + i, "subnet-a", "", false, List.of("10.0.0." + (100 + i)), List.of(), List.of());
  }

  private static HostReport ipamd(HostReport host, boolean up) {
    return new HostReport(
        host.nameserversOk(),
        host.podIdentityAgent(),
        Optional.of(up),
        Optional.empty(),
        host.allowances(),
        host.privateEndpoints(),
        host.failingAddresses());
  }

  private static KubeNode ofType(KubeNode node, ComputeType type) {
    return node(node, type, node.podsOnIt(), node.created());
  }

  private static KubeNode bornAt(KubeNode node, Instant created) {
    return node(node, node.computeType(), node.podsOnIt(), created);
  }

  private static KubeNode with(KubeNode node, int pods) {
    return node(node, node.computeType(), pods, node.created());
  }

  private static KubeNode node(KubeNode like, ComputeType type, int pods, Instant created) {
    return new KubeNode(
        like.name(),
        like.zone(),
        like.instanceId(),
        List.of(),
        type,
        like.ready(),
        like.podSlots(),
        pods,
        List.of(),
        created);
  }
}
