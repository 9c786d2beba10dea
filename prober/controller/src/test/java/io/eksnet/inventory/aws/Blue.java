package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The cluster "blue": what AWS answers about it, and what is known of it. */
final class Blue {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String VPC = "vpc-1";

  private Blue() {}

  /** A server that answers all there is about the cluster. */
  static FakeAws aws() throws Exception {
    return Balanced.on(new FakeAws())
        .on("GetCallerIdentity", identity())
        .on("DescribeCluster", cluster())
        .on("DescribeClusterVersions", versions())
        .on("ListAddons", "{\"addons\":[\"coredns\",\"vpc-cni\"]}")
        .on("DescribeAddon", Blue::addon)
        .on("ListFargateProfiles", "{\"fargateProfileNames\":[\"dns\"]}")
        .on("DescribeFargateProfile", profile())
        .on("ListPodIdentityAssociations", associations())
        .on("DescribeSubnets", subnets(subnet("subnet-a", "10.0.0.0/24", 200, "")))
        .on("DescribeInstances", instances())
        .on("GetSubnetCidrReservations", reservations())
        .on("DescribeRouteTables", routes())
        .on("DescribeNetworkInterfaces", interfaces())
        .on("DescribeVpcEndpoints", endpoints())
        .on("DescribeNetworkAcls", networkAcls())
        .on("DescribeNatGateways", natGateways())
        .on("DescribeVpcAttribute", Blue::vpcAttribute);
  }

  /** The inventory of Kubernetes and of earlier reads. */
  static Inventory known() {
    return with(Balanced.in(Inventory.EMPTY, "10.0.0.99"), Resources.CLUSTER, eksCluster())
        .with(Resources.NODES, now(List.of(node("i-1"))))
        .with(Resources.CNI_SETTINGS, now(cni(true)))
        .with(Resources.SUBNETS, now(List.of(subnetOfPods("subnet-a", "10.0.0.0/24"))));
  }

  static <T> Inventory with(Inventory known, Resource<T> part, T value) {
    return known.with(part, now(value));
  }

  static <T> Snapshot<T> now(T value) {
    return Snapshot.of(value, NOW, Duration.ofMinutes(10));
  }

  static EksCluster eksCluster() {
    return new EksCluster(
        FakeAws.CLUSTER,
        Optional.of(FakeAws.REGION),
        Optional.empty(),
        "1.33",
        VPC,
        List.of("subnet-a"),
        false,
        "EXTENDED",
        Optional.empty(),
        List.of());
  }

  static CniSettings cni(boolean prefixes) {
    return new CniSettings(prefixes, false, true, false, false);
  }

  static KubeNode node(String instanceId) {
    return new KubeNode(
        "node-" + instanceId,
        "eu-west-1a",
        instanceId,
        List.of(),
        ComputeType.EC2,
        true,
        29,
        3,
        List.of(),
        NOW);
  }

  static Subnet subnetOfPods(String id, String cidr) {
    return new Subnet(id, "eu-west-1a", cidr, 200, Set.of(SubnetRole.POD), Map.of(), List.of());
  }

  static String subnets(String... items) {
    return page("DescribeSubnetsResponse", "subnetSet", "", items);
  }

  static String page(String response, String set, String token, String... items) {
    return "<%1$s><%2$s>%3$s</%2$s>%4$s</%1$s>"
        .formatted(
            response,
            set,
            String.join("", items),
            token.isEmpty() ? "" : "<nextToken>" + token + "</nextToken>");
  }

  static String subnet(String id, String cidr, int available, String tags) {
    return """
    <item><subnetId>%s</subnetId><vpcId>vpc-1</vpcId><cidrBlock>%s</cidrBlock>\
    <availableIpAddressCount>%d</availableIpAddressCount>\
    <availabilityZone>eu-west-1a</availabilityZone><tagSet>%s</tagSet></item>\
    """
        .formatted(id, cidr, available, tags);
  }

  static String tag(String key, String value) {
    return "<item><key>%s</key><value>%s</value></item>".formatted(key, value);
  }

  private static String identity() {
    return """
    <GetCallerIdentityResponse><GetCallerIdentityResult>\
    <Arn>arn:aws:sts::111122223333:assumed-role/eksnet/x</Arn><UserId>U</UserId>\
    <Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>\
    """;
  }

  private static String cluster() {
    return """
    {"cluster":{"name":"blue","version":"1.33","status":"ACTIVE",
    "endpoint":"https://0A1B2C.gr7.eu-west-1.eks.amazonaws.com",
    "resourcesVpcConfig":{"vpcId":"vpc-1","subnetIds":["subnet-a"],
    "clusterSecurityGroupId":"sg-1"},
    "kubernetesNetworkConfig":{"serviceIpv4Cidr":"172.20.0.0/16","ipFamily":"ipv4"},
    "computeConfig":{"enabled":false},"upgradePolicy":{"supportType":"EXTENDED"},
    "health":{"issues":[{"code":"InsufficientFreeAddresses","message":"too few"}]}}}\
    """;
  }

  private static String versions() {
    return """
    {"clusterVersions":[{"clusterVersion":"1.33","endOfStandardSupportDate":1785369600}]}\
    """;
  }

  private static FakeAws.Answer addon(FakeAws.Asked asked) {
    var path = asked.params().getOrDefault("path", "");
    return FakeAws.Answer.ok(
        """
        {"addon":{"addonName":"%s","addonVersion":"v1","status":"DEGRADED","health":{"issues":[
        {"code":"InsufficientNumberOfReplicas","message":"0 of 2"}]}}}\
        """
            .formatted(path.substring(path.lastIndexOf('/') + 1)));
  }

  private static String profile() {
    return """
    {"fargateProfile":{"fargateProfileName":"dns","status":"ACTIVE","createdAt":1767225600,
    "subnets":["subnet-f"],"selectors":[{"namespace":"kube-system",
    "labels":{"k8s-app":"kube-dns"}}]}}\
    """;
  }

  private static String associations() {
    return """
    {"associations":[{"namespace":"shop","serviceAccount":"cart","associationId":"a-1"}]}\
    """;
  }

  private static String instances() {
    return """
    <DescribeInstancesResponse><reservationSet><item><instancesSet><item>\
    <instanceId>i-1</instanceId><subnetId>subnet-n</subnetId><networkInterfaceSet>\
    <item><subnetId>subnet-n</subnetId><attachment><deviceIndex>0</deviceIndex></attachment></item>\
    <item><subnetId>subnet-p</subnetId><attachment><deviceIndex>1</deviceIndex></attachment></item>\
    </networkInterfaceSet></item></instancesSet></item></reservationSet>\
    </DescribeInstancesResponse>\
    """;
  }

  /** All requested instances, each in a subnet of its own. */
  static FakeAws.Answer instancesInSubnetsOfTheirOwn(FakeAws.Asked asked) {
    return FakeAws.Answer.ok(
        asked.params().entrySet().stream()
            .filter(param -> param.getKey().startsWith("Filter.1.Value."))
            .map(
                param ->
                    "<item><instanceId>%1$s</instanceId><subnetId>subnet-of-%1$s</subnetId></item>"
                        .formatted(param.getValue()))
            .collect(
                Collectors.joining(
                    "",
                    "<DescribeInstancesResponse><reservationSet><item><instancesSet>",
                    "</instancesSet></item></reservationSet></DescribeInstancesResponse>")));
  }

  private static String reservations() {
    return """
    <GetSubnetCidrReservationsResponse><subnetIpv4CidrReservationSet><item>\
    <cidr>10.0.0.64/26</cidr><reservationType>prefix</reservationType></item>\
    </subnetIpv4CidrReservationSet></GetSubnetCidrReservationsResponse>\
    """;
  }

  private static String routes() {
    return """
    <DescribeRouteTablesResponse><routeTableSet><item><routeTableId>rtb-1</routeTableId>\
    <routeSet><item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>\
    <gatewayId>igw-1</gatewayId></item></routeSet><associationSet><item><main>true</main></item>\
    </associationSet></item></routeTableSet></DescribeRouteTablesResponse>\
    """;
  }

  static String eni(String id, String description, String tags) {
    return """
    <item><networkInterfaceId>%s</networkInterfaceId><subnetId>subnet-a</subnetId>\
    <availabilityZone>eu-west-1a</availabilityZone><status>available</status>\
    <description>%s</description><interfaceType>interface</interfaceType>\
    <groupSet><item><groupId>sg-9</groupId></item></groupSet>\
    <privateIpAddressesSet><item><privateIpAddress>10.0.0.20</privateIpAddress></item>\
    </privateIpAddressesSet><ipv4PrefixSet><item><ipv4Prefix>10.0.0.32/28</ipv4Prefix></item>\
    </ipv4PrefixSet><tagSet>%s</tagSet></item>\
    """
        .formatted(id, description, tags);
  }

  private static String interfaces() {
    return page(
        "DescribeNetworkInterfacesResponse",
        "networkInterfaceSet",
        "",
        eni("eni-1", "aws-K8S-i-gone", ""));
  }

  private static String endpoints() {
    return """
    <DescribeVpcEndpointsResponse><vpcEndpointSet><item><vpcEndpointId>vpce-1</vpcEndpointId>\
    <vpcEndpointType>Interface</vpcEndpointType><serviceName>com.amazonaws.eu-west-1.ecr.api\
    </serviceName><state>available</state><privateDnsEnabled>true</privateDnsEnabled></item>\
    </vpcEndpointSet></DescribeVpcEndpointsResponse>\
    """;
  }

  private static String networkAcls() {
    return """
    <DescribeNetworkAclsResponse><networkAclSet><item><networkAclId>acl-1</networkAclId>\
    <default>true</default><entrySet><item><ruleNumber>100</ruleNumber><protocol>-1</protocol>\
    <ruleAction>allow</ruleAction><egress>true</egress><cidrBlock>0.0.0.0/0</cidrBlock></item>\
    <item><ruleNumber>110</ruleNumber><protocol>6</protocol><ruleAction>deny</ruleAction>\
    <egress>false</egress><ipv6CidrBlock>2001:db8::/64</ipv6CidrBlock>\
    <portRange><from>0</from><to>443</to></portRange></item></entrySet><associationSet><item>\
    <networkAclAssociationId>aclassoc-1</networkAclAssociationId><networkAclId>acl-1\
    </networkAclId><subnetId>subnet-a</subnetId></item></associationSet></item></networkAclSet>\
    </DescribeNetworkAclsResponse>\
    """;
  }

  private static String natGateways() {
    return """
    <DescribeNatGatewaysResponse><natGatewaySet><item><natGatewayId>nat-1</natGatewayId>\
    <subnetId>subnet-p</subnetId><state>failed</state><connectivityType>public\
    </connectivityType><failureCode>Gateway.NotAttached</failureCode><failureMessage>\
    Network vpc-1 has no Internet gateway attached</failureMessage></item></natGatewaySet>\
    </DescribeNatGatewaysResponse>\
    """;
  }

  private static FakeAws.Answer vpcAttribute(FakeAws.Asked asked) {
    return FakeAws.Answer.ok(
        """
        <DescribeVpcAttributeResponse><vpcId>vpc-1</vpcId><%1$s><value>%2$s</value></%1$s>\
        </DescribeVpcAttributeResponse>\
        """
            .formatted(
                asked.params().get("Attribute"),
                "enableDnsSupport".equals(asked.params().get("Attribute"))));
  }
}
