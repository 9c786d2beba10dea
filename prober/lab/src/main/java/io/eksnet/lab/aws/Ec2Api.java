package io.eksnet.lab.aws;

import static io.eksnet.lab.aws.AwsCall.tagAttributes;
import static io.eksnet.lab.cluster.WireFields.fields;

import io.eksnet.lab.cluster.AwsResource;
import io.eksnet.lab.cluster.AwsResource.Cluster;
import io.eksnet.lab.cluster.AwsResource.Eni;
import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.AwsResource.NatGateway;
import io.eksnet.lab.cluster.AwsResource.NetworkAcl;
import io.eksnet.lab.cluster.AwsResource.PrefixList;
import io.eksnet.lab.cluster.AwsResource.RouteTable;
import io.eksnet.lab.cluster.AwsResource.RouteTable.Route;
import io.eksnet.lab.cluster.AwsResource.SecurityGroup;
import io.eksnet.lab.cluster.AwsResource.Subnet;
import io.eksnet.lab.cluster.AwsResource.Vpc;
import io.eksnet.lab.cluster.AwsResource.VpcEndpoint;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ids;
import io.eksnet.lab.cluster.KubeResource.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The actions of EC2 in its query protocol, API version 2016-11-15. */
final class Ec2Api {
  /** The number of the final rules of network ACLs, which deny what no other rule allows. */
  private static final int FINAL_RULE = 32_767;

  private final AwsCall call;
  private final ClusterState state;
  private final String account;
  private final String vpcId;

  Ec2Api(AwsCall call) {
    this.call = call;
    this.state = call.state();
    this.account = state.only(Cluster.class).account();
    this.vpcId = state.only(Cluster.class).vpcId();
  }

  String respond() {
    var content = fields("requestId", call.requestId());
    content.putAll(result());
    return AwsXml.render(
        call.name() + "Response", "http://ec2.amazonaws.com/doc/2016-11-15/", "item", content);
  }

  private Map<String, Object> result() {
    return switch (call.name()) {
      case "DescribeSubnets" ->
          page(
              "subnetSet",
              byId(Subnet.class, "SubnetId", "InvalidSubnetID.NotFound", "subnet"),
              this::subnetAttributes,
              this::subnet);
      case "DescribeNetworkInterfaces" ->
          page(
              "networkInterfaceSet",
              byId(
                  Eni.class,
                  "NetworkInterfaceId",
                  "InvalidNetworkInterfaceID.NotFound",
                  "interface"),
              this::interfaceAttributes,
              this::networkInterface);
      case "DescribeInstances" ->
          page("reservationSet", instances(), this::instanceAttributes, this::reservation);
      case "DescribeSecurityGroups" ->
          page(
              "securityGroupInfo",
              byId(SecurityGroup.class, "GroupId", "InvalidGroup.NotFound", "security group"),
              this::groupAttributes,
              this::securityGroup);
      case "DescribeSecurityGroupRules" ->
          page(
              "securityGroupRuleSet",
              securityGroupRules(),
              rule ->
                  fields(
                      "group-id", rule.get("groupId"),
                      "security-group-rule-id", rule.get("securityGroupRuleId")),
              Function.identity());
      case "DescribeVpcAttribute" -> vpcAttribute(call.require("Attribute"));
      case "DescribeNetworkAcls" ->
          page(
              "networkAclSet",
              byId(NetworkAcl.class, "NetworkAclId", "InvalidNetworkAclID.NotFound", "network ACL"),
              this::aclAttributes,
              this::networkAcl);
      case "DescribeNatGateways" ->
          page(
              "natGatewaySet",
              byId(NatGateway.class, "NatGatewayId", "NatGatewayNotFound", "NAT gateway"),
              this::natGatewayAttributes,
              this::natGateway);
      case "DescribeRouteTables" ->
          page("routeTableSet", routeTables(), this::routeTableAttributes, this::routeTable);
      case "DescribeVpcEndpoints" ->
          page(
              "vpcEndpointSet",
              byId(VpcEndpoint.class, "VpcEndpointId", "InvalidVpcEndpointId.NotFound", "endpoint"),
              this::endpointAttributes,
              this::vpcEndpoint);
      case "GetManagedPrefixListEntries" ->
          page(
              "entrySet",
              find(
                      PrefixList.class,
                      call.require("PrefixListId"),
                      "InvalidPrefixListID.NotFound",
                      "prefix list")
                  .entries(),
              entry -> fields(),
              cidr -> fields("cidr", cidr));
      case "GetSubnetCidrReservations" ->
          page(
              "subnetIpv4CidrReservationSet",
              find(Subnet.class, call.require("SubnetId"), "InvalidSubnetID.NotFound", "subnet")
                  .reservations(),
              reservation -> fields(),
              this::reservation);
      default -> throw AwsError.invalidAction(call.name());
    };
  }

  private Map<String, Object> subnetAttributes(Subnet subnet) {
    var attributes = tagAttributes(subnet.tags());
    attributes.putAll(
        fields(
            "vpc-id", vpcId,
            "subnet-id", subnet.id(),
            "availability-zone", subnet.zone(),
            "availabilityZone", subnet.zone(),
            "state", "available",
            "cidr-block", subnet.cidr(),
            "cidr", subnet.cidr()));
    return attributes;
  }

  private Map<String, Object> subnet(Subnet subnet) {
    var ipv6 =
        fields(
            "ipv6CidrBlock", subnet.ipv6Cidr(),
            "ipv6CidrBlockState", fields("state", "associated"));
    return fields(
        "subnetId", subnet.id(),
        "state", "available",
        "vpcId", vpcId,
        "cidrBlock", subnet.cidr(),
        "availableIpAddressCount", subnet.available(),
        "availabilityZone", subnet.zone(),
        "ownerId", account,
        "defaultForAz", false,
        "mapPublicIpOnLaunch", subnet.routed(),
        "ipv6CidrBlockAssociationSet", subnet.ipv6Cidr().isEmpty() ? List.of() : List.of(ipv6),
        "tagSet", tags(subnet.tags()));
  }

  private Map<String, Object> interfaceAttributes(Eni eni) {
    var attributes = tagAttributes(eni.tags());
    attributes.putAll(
        fields(
            "vpc-id", vpcId,
            "subnet-id", eni.subnetId(),
            "network-interface-id", eni.id(),
            "availability-zone", eni.zone(),
            "group-id", eni.groups(),
            "status", eni.status(),
            "interface-type", eni.type(),
            "attachment.device-index", eni.device(),
            "addresses.private-ip-address", eni.addresses(),
            "private-ip-address", eni.addresses().stream().limit(1).toList(),
            "ipv4-prefix.ipv4-prefix", eni.prefixes()));
    // These may be empty text.
    attributes.put("description", eni.description());
    attributes.put("attachment.instance-id", eni.instanceId());
    return attributes;
  }

  private Map<String, Object> networkInterface(Eni eni) {
    var content = interfaceSummary(eni);
    content.putAll(
        fields(
            "availabilityZone", eni.zone(),
            "description", eni.description(),
            "requesterManaged", eni.instanceId().isEmpty(),
            "interfaceType", eni.type(),
            "attachment", eni.status().equals("in-use") ? attachment(eni) : null,
            "tagSet", tags(eni.tags())));
    return content;
  }

  private Map<String, Object> interfaceSummary(Eni eni) {
    var primary = eni.addresses().isEmpty() ? "" : eni.addresses().get(0);
    return fields(
        "networkInterfaceId", eni.id(),
        "subnetId", eni.subnetId(),
        "vpcId", vpcId,
        "ownerId", account,
        "status", eni.status(),
        "privateIpAddress", primary,
        "groupSet", groups(eni.groups()),
        "privateIpAddressesSet",
            eni.addresses().stream()
                .map(
                    address ->
                        fields(
                            "privateIpAddress",
                            address,
                            "primary",
                            address.equals(primary),
                            "association",
                            publicAddress(eni).map(ip -> fields("publicIp", ip)).orElse(null)))
                .toList(),
        "ipv4PrefixSet",
            eni.prefixes().stream().map(prefix -> fields("ipv4Prefix", prefix)).toList());
  }

  /** Interfaces of internet-facing load balancers have a public address. */
  private Optional<String> publicAddress(Eni eni) {
    return state.all(LoadBalancer.class).stream()
        .filter(lb -> lb.scheme().equals("internet-facing"))
        .filter(
            lb ->
                eni.description().startsWith("ELB ")
                    && lb.arn().endsWith(eni.description().substring(4)))
        .flatMap(lb -> lb.places().stream())
        .filter(place -> place.subnetId().equals(eni.subnetId()))
        .map(LoadBalancer.Place::address)
        .findFirst();
  }

  private static Map<String, Object> attachment(Eni eni) {
    return fields(
        "attachmentId",
        "eni-attach-" + Ids.hex(eni.id(), 17),
        "instanceId",
        eni.instanceId(),
        "deviceIndex",
        eni.device(),
        "status",
        "attached");
  }

  private List<Map<String, Object>> groups(List<String> ids) {
    return ids.stream().map(id -> fields("groupId", id, "groupName", groupName(id))).toList();
  }

  private String groupName(String id) {
    return state.find(SecurityGroup.class, id).map(SecurityGroup::name).orElse("");
  }

  private List<Node> instances() {
    var all = state.all(Node.class).stream().filter(node -> !node.instanceId().isEmpty()).toList();
    var ids = call.list("InstanceId");
    for (var id : ids) {
      if (all.stream().noneMatch(node -> node.instanceId().equals(id))) {
        throw notFound("InvalidInstanceID.NotFound", "instance", id);
      }
    }
    return ids.isEmpty()
        ? all
        : all.stream().filter(node -> ids.contains(node.instanceId())).toList();
  }

  private Map<String, Object> instanceAttributes(Node node) {
    return fields(
        "vpc-id", vpcId,
        "instance-id", node.instanceId(),
        "instance-state-name", "running",
        "subnet-id", node.subnetId(),
        "private-ip-address", node.address(),
        "private-dns-name", node.name(),
        "tag-key", "Name",
        "tag:Name", node.name());
  }

  /** A reservation with its one instance. */
  private Map<String, Object> reservation(Node node) {
    var enis =
        state.all(Eni.class).stream()
            .filter(eni -> eni.instanceId().equals(node.instanceId()))
            .toList();
    var groupIds = enis.stream().limit(1).flatMap(eni -> eni.groups().stream()).toList();
    var interfaces = new ArrayList<Map<String, Object>>();
    for (var eni : enis) {
      var content = interfaceSummary(eni);
      content.put("attachment", attachment(eni));
      interfaces.add(content);
    }
    var instance =
        fields(
            "instanceId", node.instanceId(),
            "instanceState", fields("code", 16, "name", "running"),
            "privateDnsName", node.name(),
            "privateIpAddress", node.address(),
            "instanceType", node.instanceType(),
            "launchTime", node.created(),
            "placement", fields("availabilityZone", node.zone()),
            "subnetId", node.subnetId(),
            "vpcId", vpcId,
            "groupSet", groups(groupIds),
            "networkInterfaceSet", interfaces,
            "tagSet", tags(Map.of("Name", node.name())));
    return fields(
        "reservationId",
        "r-" + Ids.hex(node.name(), 17),
        "ownerId",
        account,
        "instancesSet",
        List.of(instance));
  }

  private Map<String, Object> groupAttributes(SecurityGroup group) {
    var attributes = tagAttributes(group.tags());
    attributes.putAll(fields("vpc-id", vpcId, "group-id", group.id(), "group-name", group.name()));
    return attributes;
  }

  private Map<String, Object> securityGroup(SecurityGroup group) {
    return fields(
        "ownerId", account,
        "groupId", group.id(),
        "groupName", group.name(),
        "groupDescription", group.description(),
        "vpcId", vpcId,
        "ipPermissions", permissions(group, false),
        "ipPermissionsEgress", permissions(group, true),
        "tagSet", tags(group.tags()));
  }

  private static List<Map<String, Object>> permissions(SecurityGroup group, boolean egress) {
    return group.rules().stream()
        .filter(rule -> rule.egress() == egress)
        .map(Ec2Api::permission)
        .toList();
  }

  private static Map<String, Object> permission(SecurityGroup.Rule rule) {
    boolean all = rule.protocol().equals("-1");
    var permission =
        fields(
            "ipProtocol", rule.protocol(),
            "fromPort", all ? null : rule.from(),
            "toPort", all ? null : rule.to());
    var peer = rule.peer();
    if (peer.startsWith("sg-")) {
      permission.put("groups", List.of(fields("groupId", peer)));
    } else if (peer.startsWith("pl-")) {
      permission.put("prefixListIds", List.of(fields("prefixListId", peer)));
    } else if (peer.contains(":")) {
      permission.put("ipv6Ranges", List.of(fields("cidrIpv6", peer)));
    } else {
      permission.put("ipRanges", List.of(fields("cidrIp", peer)));
    }
    return permission;
  }

  private List<Map<String, Object>> securityGroupRules() {
    var ids = call.list("SecurityGroupRuleId");
    var all = new ArrayList<Map<String, Object>>();
    for (var group : state.all(SecurityGroup.class)) {
      for (var rule : group.rules()) {
        if (ids.isEmpty() || ids.contains(rule.id())) {
          all.add(securityGroupRule(group, rule));
        }
      }
    }
    return all;
  }

  private Map<String, Object> securityGroupRule(SecurityGroup group, SecurityGroup.Rule rule) {
    var peer = rule.peer();
    boolean cidr = !peer.startsWith("sg-") && !peer.startsWith("pl-");
    return fields(
        "securityGroupRuleId", rule.id(),
        "groupId", group.id(),
        "groupOwnerId", account,
        "isEgress", rule.egress(),
        "ipProtocol", rule.protocol(),
        "fromPort", rule.from(),
        "toPort", rule.to(),
        "referencedGroupInfo",
            peer.startsWith("sg-") ? fields("groupId", peer, "userId", account) : null,
        "prefixListId", peer.startsWith("pl-") ? peer : null,
        "cidrIpv6", cidr && peer.contains(":") ? peer : null,
        "cidrIpv4", cidr && !peer.contains(":") ? peer : null);
  }

  private Map<String, Object> vpcAttribute(String name) {
    var vpc = state.only(Vpc.class);
    return switch (name) {
      case "enableDnsSupport" -> fields("vpcId", vpcId, name, fields("value", !vpc.withoutDns()));
      case "enableDnsHostnames" ->
          fields("vpcId", vpcId, name, fields("value", !vpc.withoutDnsHostnames()));
      default ->
          throw new AwsError(
              400,
              "InvalidParameterValue",
              "Value (" + name + ") for parameter attribute is invalid. Unknown attribute.");
    };
  }

  private Map<String, Object> aclAttributes(NetworkAcl acl) {
    return fields(
        "vpc-id", vpcId,
        "network-acl-id", acl.id(),
        "default", acl.byDefault(),
        "association.subnet-id", subnetsOf(acl));
  }

  private List<String> subnetsOf(NetworkAcl acl) {
    if (!acl.byDefault()) {
      return acl.subnetIds();
    }
    var others =
        state.all(NetworkAcl.class).stream()
            .filter(other -> !other.byDefault())
            .flatMap(other -> other.subnetIds().stream())
            .toList();
    return state.all(Subnet.class).stream()
        .map(Subnet::id)
        .filter(subnet -> !others.contains(subnet))
        .toList();
  }

  private Map<String, Object> networkAcl(NetworkAcl acl) {
    var entries = new ArrayList<Map<String, Object>>();
    acl.rules().forEach(rule -> entries.add(aclEntry(rule)));
    for (var egress : List.of(true, false)) {
      entries.add(
          aclEntry(new NetworkAcl.Rule(FINAL_RULE, egress, "deny", "-1", "0.0.0.0/0", 0, 0)));
    }
    return fields(
        "networkAclId",
        acl.id(),
        "vpcId",
        vpcId,
        "ownerId",
        account,
        "default",
        acl.byDefault(),
        "entrySet",
        entries,
        "associationSet",
        subnetsOf(acl).stream()
            .map(
                subnet ->
                    fields(
                        "networkAclAssociationId",
                        "aclassoc-" + Ids.hex(acl.id() + subnet, 17),
                        "networkAclId",
                        acl.id(),
                        "subnetId",
                        subnet))
            .toList());
  }

  private static Map<String, Object> aclEntry(NetworkAcl.Rule rule) {
    return fields(
        "ruleNumber",
        rule.number(),
        "protocol",
        rule.protocol(),
        "ruleAction",
        rule.action(),
        "egress",
        rule.egress(),
        "cidrBlock",
        rule.cidr(),
        "portRange",
        rule.protocol().equals("-1") ? null : fields("from", rule.from(), "to", rule.to()));
  }

  private Map<String, Object> natGatewayAttributes(NatGateway gateway) {
    return fields(
        "vpc-id", vpcId,
        "nat-gateway-id", gateway.id(),
        "subnet-id", gateway.subnetId(),
        "state", gateway.state());
  }

  private Map<String, Object> natGateway(NatGateway gateway) {
    return fields(
        "natGatewayId",
        gateway.id(),
        "vpcId",
        vpcId,
        "subnetId",
        gateway.subnetId(),
        "state",
        gateway.state(),
        "connectivityType",
        "public",
        "failureCode",
        gateway.failureCode().isEmpty() ? null : gateway.failureCode(),
        "failureMessage",
        gateway.failureMessage().isEmpty() ? null : gateway.failureMessage());
  }

  /** A route table with the subnets that use it. */
  private record Table(String id, boolean main, List<String> subnetIds, List<Route> routes) {}

  /** Those of the state, and one each for the public and the private subnets that have none. */
  private List<Table> routeTables() {
    var own =
        state.all(RouteTable.class).stream()
            .map(table -> new Table(table.id(), false, table.subnetIds(), table.routes()))
            .toList();
    return Stream.concat(Stream.of(otherTable(false), otherTable(true)), own.stream()).toList();
  }

  private Table otherTable(boolean isPublic) {
    var target =
        isPublic
            ? Stream.of("igw-" + Ids.hex(vpcId, 17))
            : state.all(NatGateway.class).stream().map(NatGateway::id);
    return new Table(
        "rtb-" + Ids.hex(vpcId + (isPublic ? "public" : "private"), 17),
        !isPublic,
        routedSubnets(isPublic),
        target.limit(1).map(id -> new Route("0.0.0.0/0", id, false)).toList());
  }

  private List<String> routedSubnets(boolean isPublic) {
    var others =
        state.all(RouteTable.class).stream().flatMap(table -> table.subnetIds().stream()).toList();
    return state.all(Subnet.class).stream()
        .filter(subnet -> subnet.routed() == isPublic)
        .map(Subnet::id)
        .filter(subnet -> !others.contains(subnet))
        .toList();
  }

  private Map<String, Object> routeTableAttributes(Table table) {
    return fields(
        "vpc-id",
        vpcId,
        "route-table-id",
        table.id(),
        "association.subnet-id",
        table.subnetIds(),
        "association.main",
        table.main());
  }

  private Map<String, Object> routeTable(Table table) {
    var associations = new ArrayList<Map<String, Object>>();
    if (table.main()) {
      associations.add(association(table.id(), "", true));
    }
    table.subnetIds().forEach(subnet -> associations.add(association(table.id(), subnet, false)));
    var routes = new ArrayList<Map<String, Object>>();
    for (var cidr : state.only(Vpc.class).cidrs()) {
      routes.add(fields("destinationCidrBlock", cidr, "gatewayId", "local", "state", "active"));
    }
    table.routes().forEach(route -> routes.add(route(route)));
    return fields(
        "routeTableId", table.id(),
        "vpcId", vpcId,
        "ownerId", account,
        "routeSet", routes,
        "associationSet", associations);
  }

  private static Map<String, Object> route(Route route) {
    var kind = route.target().substring(0, route.target().indexOf('-') + 1);
    return fields(
        route.destination().startsWith("pl-") ? "destinationPrefixListId" : "destinationCidrBlock",
        route.destination(),
        switch (kind) {
          case "nat-" -> "natGatewayId";
          case "tgw-" -> "transitGatewayId";
          case "pcx-" -> "vpcPeeringConnectionId";
          case "eni-" -> "networkInterfaceId";
          default -> "gatewayId";
        },
        route.target(),
        "state",
        route.blackhole() ? "blackhole" : "active");
  }

  private static Map<String, Object> association(String table, String subnet, boolean main) {
    return fields(
        "routeTableAssociationId", "rtbassoc-" + Ids.hex(table + subnet, 17),
        "routeTableId", table,
        "associationState", fields("state", "associated"),
        "subnetId", subnet,
        "main", main);
  }

  private Map<String, Object> endpointAttributes(VpcEndpoint endpoint) {
    return fields(
        "vpc-id", vpcId,
        "vpc-endpoint-id", endpoint.id(),
        "vpc-endpoint-state", endpoint.state(),
        "vpc-endpoint-type", endpoint.type(),
        "service-name", serviceName(endpoint));
  }

  private String serviceName(VpcEndpoint endpoint) {
    return "com.amazonaws." + state.only(Cluster.class).region() + "." + endpoint.service();
  }

  private Map<String, Object> vpcEndpoint(VpcEndpoint endpoint) {
    return fields(
        "vpcEndpointId", endpoint.id(),
        "vpcEndpointType", endpoint.type(),
        "vpcId", vpcId,
        "serviceName", serviceName(endpoint),
        "state", endpoint.state(),
        "privateDnsEnabled", endpoint.privateDns(),
        "ownerId", account,
        "subnetIdSet", endpoint.subnetIds(),
        "groupSet", endpoint.groups().stream().map(group -> fields("groupId", group)).toList());
  }

  private Map<String, Object> reservation(String cidr) {
    var subnet = call.get("SubnetId");
    return fields(
        "subnetCidrReservationId", "scr-" + Ids.hex(subnet + cidr, 17),
        "subnetId", subnet,
        "cidr", cidr,
        "reservationType", "prefix",
        "ownerId", account);
  }

  private static List<Map<String, Object>> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> fields("key", tag.getKey(), "value", tag.getValue()))
        .toList();
  }

  private <T> Map<String, Object> page(
      String name,
      List<T> all,
      Function<T, Map<String, Object>> attributes,
      Function<T, Map<String, Object>> content) {
    var page =
        call.page(call.filter(all, attributes), "NextToken", "MaxResults", Integer.MAX_VALUE);
    return fields(name, page.items().stream().map(content).toList(), "nextToken", page.nextToken());
  }

  /** The items with the requested ids, or all. */
  private <T extends AwsResource> List<T> byId(
      Class<T> type, String parameter, String error, String what) {
    var ids = call.list(parameter);
    return ids.isEmpty()
        ? state.all(type)
        : ids.stream().map(id -> find(type, id, error, what)).toList();
  }

  private <T extends AwsResource> T find(Class<T> type, String id, String error, String what) {
    return state.find(type, id).orElseThrow(() -> notFound(error, what, id));
  }

  private static AwsError notFound(String code, String what, String id) {
    return new AwsError(400, code, "The " + what + " ID '" + id + "' does not exist");
  }
}
