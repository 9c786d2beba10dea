package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.RecordedRequests.await;
import static io.eksnet.inventory.aws.RecordedRequests.failure;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.inventory.aws.FakeAws.Answer;
import io.eksnet.model.MovedClock;
import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.CallerIdentity;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.FargateProfile;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.LbAddress;
import io.eksnet.model.inventory.NatGateway;
import io.eksnet.model.inventory.NetworkAcl;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.PodIdentityAssociation;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.VpcDns;
import io.eksnet.model.inventory.VpcEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each source against a server that knows the cluster "blue". */
class SourcesTest {
  private final MovedClock clock = new MovedClock(Blue.NOW);
  private FakeAws aws;
  private AwsFacts facts;

  @BeforeEach
  void open() throws Exception {
    aws = Blue.aws();
    facts = AwsFacts.open(aws.settings(Duration.ofSeconds(15)), AwsRequestListener.NOOP, clock);
  }

  @AfterEach
  void close() {
    facts.close();
    aws.close();
  }

  @Test
  void everySourceCallsWhatItDeclaresAndNothingElse() throws Exception {
    for (var source : facts.sources()) {
      var before = aws.asked().size();
      clock.forward(Duration.ofHours(1));
      await(source.read(Blue.known()));
      var called = new TreeSet<>(aws.operations().subList(before, aws.asked().size()));
      called.remove("GetCallerIdentity"); // allowed to everybody
      assertThat(called).as(source.resource().name()).isEqualTo(declared(source));
    }
  }

  private static Set<String> declared(InventorySource<?> source) {
    return source.permissions().stream()
        .map(permission -> ((Permission.Iam) permission).action())
        .map(action -> action.substring(action.indexOf(':') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void rightsOnTheClusterAreNoWiderThanTheCluster() {
    var addon =
        facts.sources().stream()
            .flatMap(source -> source.permissions().stream())
            .map(Permission.Iam.class::cast)
            .filter(right -> right.action().equals("eks:DescribeAddon"))
            .findFirst();
    assertThat(addon)
        .contains(
            new Permission.Iam(
                "eks:DescribeAddon", List.of("arn:aws:eks:REGION:ACCOUNT:addon/CLUSTER/*/*")));
  }

  @Test
  void theClusterHasItsIssuesAndTheEndOfItsSupport() throws Exception {
    assertThat(read(Resources.CLUSTER))
        .isEqualTo(
            new EksCluster(
                "blue",
                Optional.of(FakeAws.REGION),
                Optional.of("0A1B2C.gr7.eu-west-1.eks.amazonaws.com"),
                "1.33",
                "vpc-1",
                List.of("subnet-a"),
                false,
                "EXTENDED",
                Optional.of(Instant.parse("2026-07-30T00:00:00Z")),
                List.of(new Issue("InsufficientFreeAddresses", Optional.of("too few")))));
  }

  @Test
  void supportDatesAreAskedOnceAnHourAndMayBeUnknown() throws Exception {
    aws.on("DescribeClusterVersions", FakeAws.error(403, "AccessDeniedException", "no"));
    assertThat(read(Resources.CLUSTER).standardSupportEnd()).isEmpty();
    aws.on("DescribeClusterVersions", "{\"clusterVersions\":[]}");
    read(Resources.CLUSTER);
    read(Resources.CLUSTER);
    assertThat(Collections.frequency(aws.operations(), "DescribeClusterVersions")).isEqualTo(2);
    clock.forward(Duration.ofHours(1));
    read(Resources.CLUSTER);
    assertThat(Collections.frequency(aws.operations(), "DescribeClusterVersions")).isEqualTo(3);
  }

  @Test
  void anAddonThatIsGoneIsNoFault() throws Exception {
    aws.on(
        "DescribeAddon",
        asked ->
            asked.params().getOrDefault("path", "").endsWith("vpc-cni")
                ? FakeAws.error(404, "ResourceNotFoundException", "gone").apply(asked)
                : Answer.ok("{\"addon\":{\"addonName\":\"coredns\",\"status\":\"ACTIVE\"}}"));
    assertThat(read(Resources.ADDONS))
        .containsExactly(new Addon("coredns", Optional.of("ACTIVE"), Optional.empty(), List.of()));
  }

  @Test
  void aClusterThatIsNotThereIsAFault() throws Exception {
    aws.fail(FakeAws.error(404, "ResourceNotFoundException", "No cluster found for name: blue."));
    assertThat(failure(source(Resources.CLUSTER).read(Inventory.EMPTY)))
        .hasMessageStartingWith("error: DescribeCluster: ResourceNotFoundException: No cluster");
  }

  @Test
  void addonsComeWithTheirIssues() throws Exception {
    var issues = List.of(new Issue("InsufficientNumberOfReplicas", Optional.of("0 of 2")));
    assertThat(read(Resources.ADDONS))
        .containsExactly(
            new Addon("coredns", Optional.of("DEGRADED"), Optional.of("v1"), issues),
            new Addon("vpc-cni", Optional.of("DEGRADED"), Optional.of("v1"), issues));
  }

  @Test
  void fargateProfilesSayWhomTheyAdmitAndSinceWhen() throws Exception {
    assertThat(read(Resources.FARGATE_PROFILES))
        .containsExactly(
            new FargateProfile(
                "dns",
                "ACTIVE",
                Instant.parse("2026-01-01T00:00:00Z"),
                List.of("subnet-f"),
                List.of(
                    new FargateProfile.Selector("kube-system", Map.of("k8s-app", "kube-dns")))));
  }

  @Test
  void whoHasWhichIdentity() throws Exception {
    assertThat(read(Resources.POD_IDENTITY_ASSOCIATIONS))
        .containsExactly(new PodIdentityAssociation("shop", "cart"));
    assertThat(read(Resources.CALLER_IDENTITY)).isEqualTo(new CallerIdentity("other"));
  }

  @Test
  void endpointsAreNamedByTheirService() throws Exception {
    assertThat(read(Resources.VPC_ENDPOINTS))
        .containsExactly(new VpcEndpoint("vpce-1", "ecr.api", "available", true, List.of()));
    assertThat(VpcEndpoints.shortServiceName("cn.com.amazonaws.cn-north-1.sts", "cn-north-1"))
        .isEqualTo("sts");
    assertThat(VpcEndpoints.shortServiceName("com.amazonaws.us-east-1.s3", "eu-west-1"))
        .isEqualTo("com.amazonaws.us-east-1.s3");
  }

  @Test
  void readsZonesOfEndpointsUnlessOneOfItsSubnetsIsUnknown() throws Exception {
    aws.on("DescribeVpcEndpoints", endpointIn("subnet-a"));
    assertThat(read(Resources.VPC_ENDPOINTS).get(0).placements())
        .containsExactly(new VpcEndpoint.Placement("subnet-a", "eu-west-1a", "10.0.0.0/24"));

    aws.on("DescribeVpcEndpoints", endpointIn("subnet-a", "subnet-x"));
    assertThat(read(Resources.VPC_ENDPOINTS).get(0).placements()).isEmpty();
  }

  private static String endpointIn(String... subnets) {
    return """
    <R><vpcEndpointSet><item><vpcEndpointId>vpce-1</vpcEndpointId><serviceName>\
    com.amazonaws.eu-west-1.sts</serviceName><state>available</state><subnetIdSet><item>%s</item>\
    </subnetIdSet></item></vpcEndpointSet></R>\
    """
        .formatted(String.join("</item><item>", subnets));
  }

  @Test
  void readsTheNetworkOfTheVpc() throws Exception {
    assertThat(read(Resources.NETWORK_ACLS))
        .containsExactly(
            new NetworkAcl(
                "acl-1",
                true,
                List.of("subnet-a"),
                List.of(
                    new NetworkAcl.Entry(100, true, true, -1, "0.0.0.0/0", 0, 65_535),
                    new NetworkAcl.Entry(110, false, false, 6, "2001:db8::/64", 0, 443))));
    assertThat(read(Resources.ROUTE_TABLES))
        .containsExactly(
            new RouteTable(
                "rtb-1",
                true,
                List.of(),
                List.of(new RouteTable.Route("0.0.0.0/0", "igw-1", true))));
    assertThat(read(Resources.NAT_GATEWAYS))
        .containsExactly(
            new NatGateway(
                "nat-1",
                "subnet-p",
                true,
                "failed",
                "Gateway.NotAttached: Network vpc-1 has no Internet gateway attached"));
    assertThat(read(Resources.VPC_DNS)).isEqualTo(new VpcDns(true, false));
  }

  @Test
  void namesTheTargetOfEachKindOfRoute() throws Exception {
    aws.on(
        "DescribeRouteTables",
        """
        <R><routeTableSet><item><routeTableId>rtb-1</routeTableId><routeSet>\
        <item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId>\
        <state>active</state></item><item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>\
        <natGatewayId>nat-1</natGatewayId><state>blackhole</state></item><item>\
        <destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock><egressOnlyInternetGatewayId>\
        eigw-1</egressOnlyInternetGatewayId><state>active</state></item><item>\
        <destinationPrefixListId>pl-1</destinationPrefixListId><gatewayId>vpce-1</gatewayId>\
        </item><item><destinationCidrBlock>10.1.0.0/16</destinationCidrBlock>\
        <vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId></item><item>\
        <destinationCidrBlock>10.2.0.0/16</destinationCidrBlock><transitGatewayId>tgw-1\
        </transitGatewayId></item><item><destinationCidrBlock>10.3.0.0/16</destinationCidrBlock>\
        <networkInterfaceId>eni-1</networkInterfaceId><instanceId>i-1</instanceId></item>\
        </routeSet><associationSet><item><subnetId>subnet-a</subnetId><main>false</main></item>\
        </associationSet></item></routeTableSet></R>\
        """);

    assertThat(read(Resources.ROUTE_TABLES))
        .containsExactly(
            new RouteTable(
                "rtb-1",
                false,
                List.of("subnet-a"),
                List.of(
                    new RouteTable.Route("10.0.0.0/16", "local", true),
                    new RouteTable.Route("0.0.0.0/0", "nat-1", false),
                    new RouteTable.Route("::/0", "eigw-1", true),
                    new RouteTable.Route("pl-1", "vpce-1", true),
                    new RouteTable.Route("10.1.0.0/16", "pcx-1", true),
                    new RouteTable.Route("10.2.0.0/16", "tgw-1", true),
                    new RouteTable.Route("10.3.0.0/16", "eni-1", true))));
  }

  @Test
  void subnetsAreTheUnionOfAllWhoUseThem() throws Exception {
    aws.on(
        "DescribeSubnets",
        Blue.subnets(
            Blue.subnet("subnet-a", "10.0.0.0/24", 200, ""),
            Blue.subnet("subnet-n", "10.0.1.0/24", 100, ""),
            Blue.subnet("subnet-p", "10.0.2.0/24", 3, ""),
            Blue.subnet("subnet-f", "10.0.3.0/24", 9, ""),
            Blue.subnet("subnet-x", "10.0.4.0/24", 9, "")));
    var known =
        Blue.with(
            Blue.known(),
            Resources.FARGATE_PROFILES,
            List.of(
                new FargateProfile(
                    "dns", "ACTIVE", Instant.EPOCH, List.of("subnet-f"), List.of())));
    var subnets = await(source(Resources.SUBNETS).read(known));
    assertThat(subnets.stream().collect(toMap(Subnet::id, Subnet::roles)))
        .isEqualTo(
            Map.of(
                "subnet-a", Set.of(SubnetRole.CONTROL_PLANE),
                "subnet-n", Set.of(SubnetRole.NODE),
                "subnet-p", Set.of(SubnetRole.POD),
                "subnet-f", Set.of(SubnetRole.FARGATE)));
    assertThat(subnets.stream().collect(toMap(Subnet::id, Subnet::available)))
        .isEqualTo(Map.of("subnet-a", 200, "subnet-n", 100, "subnet-p", 3, "subnet-f", 9));
    assertThat(subnets.get(0).reservations()).containsExactly("10.0.0.64/26 prefix");
  }

  @Test
  void countsAreReadEachTimeAndRolesRarely() throws Exception {
    for (var minute = 0; minute < 10; minute++) {
      read(Resources.SUBNETS);
      clock.forward(Duration.ofMinutes(1));
    }
    assertThat(
            aws.operations().stream().collect(Collectors.groupingBy(o -> o, Collectors.counting())))
        .isEqualTo(
            Map.of(
                "DescribeSubnets", 10L, "DescribeInstances", 1L, "GetSubnetCidrReservations", 1L));
  }

  @Test
  void rolesThatCannotBeReadDoNotHideTheCounts() throws Exception {
    aws.on("DescribeInstances", FakeAws.error(403, "UnauthorizedOperation", "no"));
    aws.on("GetSubnetCidrReservations", FakeAws.error(403, "UnauthorizedOperation", "no"));
    assertThat(read(Resources.SUBNETS)).extracting(Subnet::available).containsExactly(200);
  }

  @Test
  void manyNodesAreAskedAboutInTurnAndOftenOnlyUntilAllWereOnce() throws Exception {
    var nodes = IntStream.range(0, 450).mapToObj(i -> Blue.node("i-%03d".formatted(i))).toList();
    var known = Blue.with(Blue.known(), Resources.NODES, nodes);
    var asked = new ArrayList<String>();
    for (var minute = 0; minute < 30; minute++) {
      var before = aws.asked().size();
      await(source(Resources.SUBNETS).read(known));
      for (var one : aws.asked().subList(before, aws.asked().size())) {
        if (one.operation().equals("DescribeInstances")) {
          asked.add(minute + " " + one.params().get("Filter.1.Value.1"));
        }
      }
      clock.forward(Duration.ofMinutes(1));
    }
    assertThat(asked).containsExactly("0 i-000", "1 i-200", "2 i-400", "12 i-150", "22 i-350");
  }

  @Test
  void aSubnetKeepsTheRolesOfNodesThatWereAskedAboutBefore() throws Exception {
    var nodes = IntStream.range(0, 201).mapToObj(i -> Blue.node("i-%03d".formatted(i))).toList();
    var known = Blue.with(Blue.known(), Resources.NODES, nodes);
    aws.on("DescribeInstances", Blue::instancesInSubnetsOfTheirOwn);
    aws.on(
        "DescribeSubnets",
        Blue.subnets(
            Blue.subnet("subnet-of-i-000", "10.0.1.0/24", 100, ""),
            Blue.subnet("subnet-of-i-200", "10.0.2.0/24", 100, "")));
    await(source(Resources.SUBNETS).read(known));
    clock.forward(Duration.ofMinutes(1));

    assertThat(await(source(Resources.SUBNETS).read(known)))
        .extracting(Subnet::id)
        .containsExactly("subnet-of-i-000", "subnet-of-i-200");

    var left = Blue.with(known, Resources.NODES, nodes.subList(200, 201));
    clock.forward(Duration.ofMinutes(10));
    assertThat(await(source(Resources.SUBNETS).read(left)))
        .extracting(Subnet::id)
        .containsExactly("subnet-of-i-200");
  }

  @Test
  void subnetsOfAllPagesAreThereAndAnEmptyPageGoesOn() throws Exception {
    aws.on(
        "DescribeSubnets",
        asked ->
            Answer.ok(
                switch (asked.params().getOrDefault("NextToken", "")) {
                  case "" ->
                      Blue.page(
                          "DescribeSubnetsResponse",
                          "subnetSet",
                          "2",
                          Blue.subnet("subnet-n", "10.0.1.0/24", 7, ""));
                  case "2" -> Blue.page("DescribeSubnetsResponse", "subnetSet", "3");
                  default -> Blue.subnets(Blue.subnet("subnet-a", "10.0.0.0/24", 200, ""));
                }));
    assertThat(read(Resources.SUBNETS))
        .extracting(Subnet::id)
        .containsExactly("subnet-n", "subnet-a");
  }

  @Test
  void routesAreReadOnlyWhereTheyDecide() throws Exception {
    assertThat(read(Resources.LB_SUBNETS)).hasSize(2);
    assertThat(aws.operations()).containsExactly("DescribeSubnets", "DescribeRouteTables");
    clock.forward(Duration.ofMinutes(5));
    var tags =
        Blue.tag("kubernetes.io/role/elb", "1") + Blue.tag("kubernetes.io/role/internal-elb", "");
    aws.on("DescribeSubnets", Blue.subnets(Blue.subnet("subnet-a", "10.0.0.0/24", 20, tags)));
    assertThat(read(Resources.LB_SUBNETS))
        .extracting(found -> found.reason())
        .containsExactly(IneligibleReason.NONE, IneligibleReason.NONE);
    assertThat(Collections.frequency(aws.operations(), "DescribeRouteTables")).isEqualTo(1);
  }

  @Test
  void aMainTableWithAGatewayMakesSubnetsPublic() throws Exception {
    assertThat(read(Resources.LB_SUBNETS))
        .extracting(found -> found.scheme().label() + " " + found.reason().label())
        .containsExactly("internet-facing ", "internal no_role_tag");
  }

  @Test
  void oneListingServesBothWhoNeedIt() throws Exception {
    read(Resources.SUBNETS);
    read(Resources.LB_SUBNETS);
    assertThat(Collections.frequency(aws.operations(), "DescribeSubnets")).isEqualTo(1);
  }

  @Test
  void aListingFromBeforeTheClockWasSetBackIsNotRecent() throws Exception {
    read(Resources.SUBNETS);
    clock.forward(Duration.ofHours(-1));
    read(Resources.LB_SUBNETS);
    assertThat(Collections.frequency(aws.operations(), "DescribeSubnets")).isEqualTo(2);
  }

  @Test
  void freePrefixesAreCountedInPrefixModeOnly() throws Exception {
    assertThat(read(Resources.FREE_PREFIXES)).isEqualTo(Map.of("subnet-a", 12));
    var before = aws.asked().size();
    var off = Blue.with(Blue.known(), Resources.CNI_SETTINGS, Blue.cni(false));
    assertThat(await(source(Resources.FREE_PREFIXES).read(off))).isEmpty();
    assertThat(aws.asked()).hasSize(before);
  }

  /** EC2 assigns nothing from them by itself; prefix reservations are for the CNI. */
  @Test
  void explicitReservationsHoldNoFreePrefixes() throws Exception {
    var known = Blue.known();
    var reserved =
        known.list(Resources.SUBNETS).stream()
            .map(subnet -> reserving(subnet, "10.0.0.128/25 explicit", "10.0.0.96/27 prefix"))
            .toList();

    assertThat(
            await(
                source(Resources.FREE_PREFIXES)
                    .read(Blue.with(known, Resources.SUBNETS, reserved))))
        .isEqualTo(Map.of("subnet-a", 5));
  }

  private static Subnet reserving(Subnet subnet, String... reservations) {
    return new Subnet(
        subnet.id(),
        subnet.zone(),
        subnet.cidr(),
        subnet.available(),
        subnet.roles(),
        subnet.tags(),
        List.of(reservations));
  }

  /** The first interface of a node gets no prefixes then. */
  @Test
  void freePrefixesOfNodesDoNotMatterWherePodsHaveSubnetsOfTheirOwn() throws Exception {
    var settings = new CniSettings(true, true, true, false, false);
    var known = Blue.with(Blue.known(), Resources.CNI_SETTINGS, settings);

    assertThat(await(source(Resources.FREE_PREFIXES).read(known))).isEmpty();
  }

  @Test
  void leakedInterfacesAreOldAndUnattachedOnesOfThisCluster() throws Exception {
    aws.on(
        "DescribeNetworkInterfaces",
        Blue.page(
            "DescribeNetworkInterfacesResponse",
            "networkInterfaceSet",
            "",
            Blue.eni("eni-old", "aws-K8S-i-1", created("2026-03-01T11:00:00Z")),
            Blue.eni("eni-new", "aws-K8S-i-1", created("2026-03-01T11:59:00Z")),
            Blue.eni(
                "eni-green", "aws-K8S-i-1", Blue.tag("cluster.k8s.amazonaws.com/name", "green"))));
    assertThat(read(Resources.LEAKED_INTERFACES))
        .containsExactly(
            new NetworkInterface(
                "eni-old",
                "subnet-a",
                "",
                false,
                List.of("10.0.0.20"),
                List.of("10.0.0.32/28"),
                List.of("sg-9")));
  }

  @Test
  void readsAddressesOfLoadBalancersFromTheirInterfaces() throws Exception {
    aws.on(
        "DescribeNetworkInterfaces",
        Blue.page(
            "DescribeNetworkInterfacesResponse",
            "networkInterfaceSet",
            "",
            lbInterface("ELB app/k8s-shop/0123456789abcdef", "10.0.0.20", "203.0.113.7"),
            lbInterface("ELB net/k8s-queue/fedcba9876543210", "10.0.0.21", "")));
    assertThat(read(Resources.LB_ADDRESSES))
        .containsExactly(
            new LbAddress("a", "10.0.0.20"),
            new LbAddress("a", "203.0.113.7"),
            new LbAddress("a", "10.0.0.21"));
  }

  private static String lbInterface(String description, String address, String publicIp) {
    var association =
        publicIp.isEmpty()
            ? ""
            : "<association><publicIp>" + publicIp + "</publicIp></association>";
    return """
        <item><networkInterfaceId>eni-1</networkInterfaceId><subnetId>subnet-a</subnetId>
        <availabilityZone>a</availabilityZone><description>%s</description>
        <privateIpAddressesSet><item><privateIpAddress>%s</privateIpAddress>%s</item></privateIpAddressesSet></item>
        """
        .formatted(description, address, association);
  }

  private static String created(String at) {
    return Blue.tag("node.k8s.amazonaws.com/createdAt", at);
  }

  private <T> T read(Resource<T> part) throws Exception {
    return await(source(part).read(Blue.known()));
  }

  @SuppressWarnings("unchecked") // a source of a Part<T> reads a T
  private <T> InventorySource<T> source(Resource<T> part) {
    return (InventorySource<T>)
        facts.sources().stream()
            .filter(source -> source.resource().equals(part))
            .findFirst()
            .orElseThrow();
  }
}
