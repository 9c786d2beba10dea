package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.RecordedRequests.await;
import static io.eksnet.inventory.aws.RecordedRequests.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.FargateProfile;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.NatGateway;
import io.eksnet.model.inventory.NetworkAcl;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.VpcDns;
import io.eksnet.model.inventory.VpcEndpoint;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.ec2.Ec2AsyncClient;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.VpcEndpointType;
import software.amazon.awssdk.services.eks.EksAsyncClient;
import software.amazon.awssdk.services.eks.model.FargateProfileSelector;

/** The sources against an emulator that others wrote: a VPC is built there, and read back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MotoTest {
  /** How many names moto puts on a page of ListFargateProfiles. */
  private static final int PAGE_OF_PROFILES = 100;

  private MotoServer moto;
  private AwsClients clients;
  private AwsFacts facts;
  private String vpc;
  private String open;
  private String shut;
  private String nodeSubnet;
  private String instance;

  @BeforeAll
  void build() throws Exception {
    var started = MotoServer.start();
    assumeTrue(started.isPresent(), "moto_server is not installed: not tested against it");
    moto = started.get();
    var settings = FakeAws.settings(moto.uri(), Duration.ofSeconds(60));
    clients = AwsClients.open(settings, AwsRequestListener.NOOP, Clock.systemUTC());
    facts = AwsFacts.open(settings, AwsRequestListener.NOOP, Clock.systemUTC());
    vpc = await(ec2(ec2 -> ec2.createVpc(v -> v.cidrBlock("10.0.0.0/16")))).vpc().vpcId();
    open = subnet("10.0.1.0/24", "eu-west-1a", Map.of("kubernetes.io/role/elb", "1"));
    shut = subnet("10.0.2.0/24", "eu-west-1b", Map.of("kubernetes.io/role/elb", "yes"));
    nodeSubnet = subnet("10.0.3.0/24", "eu-west-1a", Map.of());
    instance = instance();
    cluster();
  }

  @AfterAll
  void close() {
    if (moto != null) {
      facts.close();
      clients.close();
      moto.close();
    }
  }

  @Test
  void aClusterWithoutVpcIsNotGuessed() throws Exception {
    assertThat(failure(source(Resources.CLUSTER).read(Inventory.EMPTY)))
        .as("moto's clusters have none")
        .hasMessage("error: DescribeCluster: blue has no VPC; is it a cluster on AWS?");
  }

  @Test
  void theFargateProfilesOfAllPages() throws Exception {
    for (var i = 100; i <= PAGE_OF_PROFILES + 100; i++) {
      profile("more-" + i);
    }
    List<FargateProfile> profiles = await(source(Resources.FARGATE_PROFILES).read(Inventory.EMPTY));
    assertThat(profiles).hasSizeGreaterThan(PAGE_OF_PROFILES + 1);
    assertThat(profiles.get(0).name()).isEqualTo("dns");
    assertThat(profiles.get(0).subnetIds()).containsExactly(shut);
    assertThat(profiles.get(0).created()).isAfter(Instant.EPOCH);
    assertThat(profiles.get(0).selectors())
        .containsExactly(new FargateProfile.Selector("kube-system", Map.of("k8s-app", "kube-dns")));
  }

  @Test
  void theSubnetsHaveTheirRolesAndFreeAddresses() throws Exception {
    var roles =
        await(source(Resources.SUBNETS).read(known())).stream()
            .collect(Collectors.toMap(Subnet::id, Subnet::roles));
    assertThat(roles)
        .isEqualTo(
            Map.of(
                open, Set.of(SubnetRole.CONTROL_PLANE, SubnetRole.ELB_PUBLIC),
                shut, Set.of(SubnetRole.CONTROL_PLANE),
                nodeSubnet, Set.of(SubnetRole.NODE)));
    var free =
        await(source(Resources.SUBNETS).read(known())).stream()
            .collect(Collectors.toMap(Subnet::id, Subnet::available));
    assertThat(free.get(open)).isEqualTo(251);
    assertThat(free.get(nodeSubnet)).isLessThan(251);
  }

  @Test
  void theSubnetsOfLoadBalancersAreFoundByTag() throws Exception {
    var found =
        await(source(Resources.LB_SUBNETS).read(known())).stream()
            .filter(one -> one.scheme().label().equals("internet-facing"))
            .collect(Collectors.toMap(one -> one.subnetId(), one -> one.reason().label()));
    assertThat(found).isEqualTo(Map.of(open, "", shut, "tag_value", nodeSubnet, "no_role_tag"));
  }

  @Test
  void freeBlocksSeeTheInterfaces() throws Exception {
    var subnets = await(source(Resources.SUBNETS).read(known()));
    var cni = new CniSettings(true, false, true, false, false);
    var known =
        Blue.with(Blue.with(known(), Resources.SUBNETS, subnets), Resources.CNI_SETTINGS, cni);
    Map<String, Integer> free = await(source(Resources.FREE_PREFIXES).read(known));
    assertThat(free.keySet()).containsExactly(nodeSubnet);
    assertThat(free.get(nodeSubnet)).isBetween(12, 14);
  }

  @Test
  void endpointsAndLeakedInterfaces() throws Exception {
    await(
        ec2(
            ec2 ->
                ec2.createVpcEndpoint(
                    e ->
                        e.vpcId(vpc)
                            .serviceName("com.amazonaws.eu-west-1.sts")
                            .vpcEndpointType(VpcEndpointType.INTERFACE)
                            .subnetIds(shut)
                            .privateDnsEnabled(true))));
    var gone = await(eni("aws-K8S-i-gone")).networkInterface().networkInterfaceId();
    await(eni("somebody else's"));
    List<VpcEndpoint> endpoints = await(source(Resources.VPC_ENDPOINTS).read(known()));
    assertThat(endpoints)
        .extracting(VpcEndpoint::service, VpcEndpoint::available, VpcEndpoint::privateDns)
        .containsExactly(tuple("sts", true, true));
    assertThat(endpoints.get(0).placements())
        .extracting(VpcEndpoint.Placement::subnetId)
        .containsExactly(shut);
    List<NetworkInterface> leaked = await(source(Resources.LEAKED_INTERFACES).read(known()));
    assertThat(leaked).extracting(NetworkInterface::id).containsExactly(gone);
    assertThat(leaked).extracting(NetworkInterface::subnetId).containsExactly(shut);
  }

  @Test
  void readsAclsRoutesNatGatewaysAndDnsAttributes() throws Exception {
    var acl =
        await(ec2(ec2 -> ec2.createNetworkAcl(r -> r.vpcId(vpc)))).networkAcl().networkAclId();
    await(
        ec2(
            ec2 ->
                ec2.createNetworkAclEntry(
                    r ->
                        r.networkAclId(acl)
                            .ruleNumber(90)
                            .protocol("6")
                            .ruleAction("deny")
                            .egress(true)
                            .cidrBlock("10.0.0.0/16")
                            .portRange(ports -> ports.from(1_024).to(65_535)))));
    var address = await(ec2(ec2 -> ec2.allocateAddress(r -> r.domain("vpc")))).allocationId();
    var nat =
        await(ec2(ec2 -> ec2.createNatGateway(r -> r.subnetId(open).allocationId(address))))
            .natGateway()
            .natGatewayId();
    var table =
        await(ec2(ec2 -> ec2.createRouteTable(r -> r.vpcId(vpc)))).routeTable().routeTableId();
    await(
        ec2(
            ec2 ->
                ec2.createRoute(
                    r ->
                        r.routeTableId(table)
                            .destinationCidrBlock("0.0.0.0/0")
                            .natGatewayId(nat))));
    await(ec2(ec2 -> ec2.associateRouteTable(r -> r.routeTableId(table).subnetId(shut))));

    assertThat(await(source(Resources.NETWORK_ACLS).read(known())))
        .filteredOn(one -> one.id().equals(acl))
        .flatExtracting(NetworkAcl::entries)
        .contains(new NetworkAcl.Entry(90, true, false, 6, "10.0.0.0/16", 1_024, 65_535));
    assertThat(await(source(Resources.NETWORK_ACLS).read(known())))
        .filteredOn(NetworkAcl::isDefault)
        .singleElement()
        .satisfies(one -> assertThat(one.subnetIds()).contains(open, shut));
    assertThat(await(source(Resources.ROUTE_TABLES).read(known())))
        .filteredOn(one -> one.id().equals(table))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.subnetIds()).containsExactly(shut);
              assertThat(one.routes()).contains(new RouteTable.Route("0.0.0.0/0", nat, true));
            });
    assertThat(await(source(Resources.ROUTE_TABLES).read(known())))
        .filteredOn(RouteTable::main)
        .hasSize(1);
    assertThat(await(source(Resources.NAT_GATEWAYS).read(known())))
        .containsExactly(new NatGateway(nat, open, true, "available", ""));
    assertThat(await(source(Resources.VPC_DNS).read(known()))).isEqualTo(new VpcDns(true, false));
  }

  @Test
  void provesTheControllersCredentials() throws Exception {
    assertThat(await(source(Resources.CALLER_IDENTITY).read(Inventory.EMPTY)).method())
        .isEqualTo("other");
  }

  private Inventory known() {
    var cluster =
        new EksCluster(
            FakeAws.CLUSTER,
            Optional.of(FakeAws.REGION),
            Optional.empty(),
            "1.33",
            vpc,
            List.of(open, shut),
            false,
            "EXTENDED",
            Optional.empty(),
            List.of());
    var known = Blue.with(Inventory.EMPTY, Resources.CLUSTER, cluster);
    return Blue.with(known, Resources.NODES, List.of(Blue.node(instance)));
  }

  private String subnet(String cidr, String zone, Map<String, String> tags) throws Exception {
    var specification =
        TagSpecification.builder().resourceType(ResourceType.SUBNET).tags(tags(tags)).build();
    return await(
            ec2(
                ec2 ->
                    ec2.createSubnet(
                        s -> {
                          s.vpcId(vpc).cidrBlock(cidr).availabilityZone(zone);
                          if (!tags.isEmpty()) {
                            s.tagSpecifications(specification);
                          }
                        })))
        .subnet()
        .subnetId();
  }

  private static List<Tag> tags(Map<String, String> tags) {
    var all = new ArrayList<Tag>();
    tags.forEach((key, value) -> all.add(Tag.builder().key(key).value(value).build()));
    return all;
  }

  private String instance() throws Exception {
    return await(
            ec2(
                ec2 ->
                    ec2.runInstances(
                        i ->
                            i.imageId("ami-12c6146b")
                                .minCount(1)
                                .maxCount(1)
                                .subnetId(nodeSubnet))))
        .instances()
        .get(0)
        .instanceId();
  }

  private Future<CreateNetworkInterfaceResponse> eni(String description) {
    return ec2(ec2 -> ec2.createNetworkInterface(e -> e.subnetId(shut).description(description)));
  }

  private void cluster() throws Exception {
    await(
        eks(
            eks ->
                eks.createCluster(
                    c ->
                        c.name(FakeAws.CLUSTER)
                            .roleArn("arn:aws:iam::123456789012:role/eks")
                            .resourcesVpcConfig(v -> v.subnetIds(open, shut)))));
    profile("dns");
  }

  private void profile(String name) throws Exception {
    var selector =
        FargateProfileSelector.builder()
            .namespace("kube-system")
            .labels(Map.of("k8s-app", "kube-dns"))
            .build();
    await(
        eks(
            eks ->
                eks.createFargateProfile(
                    p ->
                        p.clusterName(FakeAws.CLUSTER)
                            .fargateProfileName(name)
                            .podExecutionRoleArn("arn:aws:iam::123456789012:role/fargate")
                            .subnets(shut)
                            .selectors(selector))));
  }

  private <R> Future<R> ec2(Function<Ec2AsyncClient, CompletableFuture<R>> request) {
    return AwsClients.future(request.apply(clients.ec2()));
  }

  private <R> Future<R> eks(Function<EksAsyncClient, CompletableFuture<R>> request) {
    return AwsClients.future(request.apply(clients.eks()));
  }

  @SuppressWarnings("unchecked") // a source of a Resource<T> reads a T
  private <T> InventorySource<T> source(Resource<T> part) {
    return (InventorySource<T>)
        facts.sources().stream()
            .filter(source -> source.resource().equals(part))
            .findFirst()
            .orElseThrow();
  }
}
