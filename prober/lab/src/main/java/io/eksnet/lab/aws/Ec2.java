package io.eksnet.lab.aws;

import io.eksnet.lab.cluster.Cluster;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Eni;
import io.eksnet.lab.cluster.Ids;
import io.eksnet.lab.cluster.Item;
import io.eksnet.lab.cluster.NetworkAcl;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.PrefixList;
import io.eksnet.lab.cluster.SecurityGroup;
import io.eksnet.lab.cluster.Subnet;
import io.eksnet.lab.cluster.Vpc;
import io.eksnet.lab.cluster.VpcEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** EC2's actions in its query protocol, API version 2016-11-15. */
final class Ec2 {
  private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

  private final Call call;
  private final ClusterState state;
  private final String account;
  private final String vpc;
  private final Interfaces interfaces;

  Ec2(Call call) {
    this.call = call;
    this.state = call.state();
    this.account = state.only(Cluster.class).account();
    this.vpc = state.only(Cluster.class).vpcId();
    this.interfaces = new Interfaces(state, account, vpc);
  }

  /** The answer to the call. */
  String answer() {
    var response = call.name() + "Response xmlns=\"" + NAMESPACE + "\"";
    return new Xml()
        .in(response, xml -> content(xml.text("requestId", Ids.hex(call.toString(), 32))))
        .toString();
  }

  private void content(Xml xml) {
    switch (call.name()) {
      case "DescribeSubnets" -> subnets(xml);
      case "DescribeNetworkInterfaces" -> networkInterfaces(xml);
      case "DescribeInstances" -> instances(xml);
      case "DescribeSecurityGroups" -> securityGroups(xml);
      case "DescribeSecurityGroupRules" -> securityGroupRules(xml);
      case "DescribeRouteTables" -> routeTables(xml);
      case "DescribeNetworkAcls" -> networkAcls(xml);
      case "DescribeVpcs" -> vpcs(xml);
      case "DescribeVpcAttribute" -> vpcAttribute(xml);
      case "DescribeVpcEndpoints" -> vpcEndpoints(xml);
      case "DescribeManagedPrefixLists" -> prefixLists(xml);
      case "GetManagedPrefixListEntries" -> prefixListEntries(xml);
      case "GetSubnetCidrReservations" -> reservations(xml);
      default -> throw AwsApi.unknown(call.name());
    }
  }

  private void subnets(Xml xml) {
    var all = byId(Subnet.class, "SubnetId", "InvalidSubnetID.NotFound", "subnet");
    paged(xml, "subnetSet", call.filtered(all, this::subnetFilter), this::subnet);
  }

  private List<String> subnetFilter(Subnet subnet, String filter) {
    return switch (filter) {
      case "vpc-id" -> List.of(vpc);
      case "subnet-id" -> List.of(subnet.id());
      case "availability-zone", "availabilityZone" -> List.of(subnet.zone());
      case "state" -> List.of("available");
      case "cidr-block", "cidr" -> List.of(subnet.cidr());
      default -> Call.tag(subnet.tags(), filter);
    };
  }

  private void subnet(Xml xml, Subnet subnet) {
    xml.text("subnetId", subnet.id())
        .text("state", "available")
        .text("vpcId", vpc)
        .text("cidrBlock", subnet.cidr())
        .text("availableIpAddressCount", subnet.available())
        .text("availabilityZone", subnet.zone())
        .text("ownerId", account)
        .text("defaultForAz", false)
        .text("mapPublicIpOnLaunch", subnet.routed())
        .items(
            "ipv6CidrBlockAssociationSet",
            subnet.ipv6Cidr().isEmpty() ? List.<String>of() : List.of(subnet.ipv6Cidr()),
            (item, cidr) ->
                item.text("ipv6CidrBlock", cidr)
                    .in("ipv6CidrBlockState", in -> in.text("state", "associated")))
        .tags(subnet.tags());
  }

  private void networkInterfaces(Xml xml) {
    var all =
        byId(Eni.class, "NetworkInterfaceId", "InvalidNetworkInterfaceID.NotFound", "interface");
    paged(xml, "networkInterfaceSet", call.filtered(all, interfaces::filter), interfaces::write);
  }

  private void instances(Xml xml) {
    var nodes =
        state.all(Node.class).stream().filter(node -> !node.instanceId().isEmpty()).toList();
    var asked = call.list("InstanceId");
    var kept =
        asked.isEmpty()
            ? nodes
            : asked.stream()
                .map(
                    id ->
                        nodes.stream()
                            .filter(node -> node.instanceId().equals(id))
                            .findFirst()
                            .orElseThrow(
                                () -> notFound("InvalidInstanceID.NotFound", "instance ID", id)))
                .toList();
    paged(xml, "reservationSet", call.filtered(kept, interfaces::filter), interfaces::write);
  }

  private void securityGroups(Xml xml) {
    var all = byId(SecurityGroup.class, "GroupId", "InvalidGroup.NotFound", "security group");
    paged(xml, "securityGroupInfo", call.filtered(all, this::groupFilter), this::securityGroup);
  }

  private List<String> groupFilter(SecurityGroup group, String filter) {
    return switch (filter) {
      case "vpc-id" -> List.of(vpc);
      case "group-id" -> List.of(group.id());
      case "group-name" -> List.of(group.name());
      default -> Call.tag(group.tags(), filter);
    };
  }

  private void securityGroup(Xml xml, SecurityGroup group) {
    xml.text("ownerId", account)
        .text("groupId", group.id())
        .text("groupName", group.name())
        .text("groupDescription", group.description())
        .text("vpcId", vpc)
        .items("ipPermissions", rules(group, false), Rules::permission)
        .items("ipPermissionsEgress", rules(group, true), Rules::permission)
        .tags(group.tags());
  }

  private static List<SecurityGroup.Rule> rules(SecurityGroup group, boolean egress) {
    return group.rules().stream().filter(rule -> rule.egress() == egress).toList();
  }

  private void securityGroupRules(Xml xml) {
    var all = new ArrayList<Rules.Owned>();
    for (var group : state.all(SecurityGroup.class)) {
      group.rules().forEach(rule -> all.add(new Rules.Owned(group.id(), rule)));
    }
    var asked = call.list("SecurityGroupRuleId");
    var kept =
        asked.isEmpty()
            ? all
            : all.stream().filter(owned -> asked.contains(owned.rule().id())).toList();
    paged(
        xml,
        "securityGroupRuleSet",
        call.filtered(kept, Rules::filter),
        (item, owned) -> Rules.rule(item, owned, account));
  }

  private void routeTables(Xml xml) {
    var tables = RouteTable.of(state);
    paged(
        xml,
        "routeTableSet",
        call.filtered(tables, (table, filter) -> table.filter(filter, vpc)),
        (item, table) -> table.write(item, vpc, account));
  }

  private void networkAcls(Xml xml) {
    var all = state.all(NetworkAcl.class);
    paged(xml, "networkAclSet", call.filtered(all, this::aclFilter), this::networkAcl);
  }

  private List<String> aclFilter(NetworkAcl acl, String filter) {
    return switch (filter) {
      case "vpc-id" -> List.of(vpc);
      case "network-acl-id" -> List.of(acl.id());
      case "association.subnet-id" -> acl.subnetIds();
      default -> throw Call.noSuchFilter(filter);
    };
  }

  private void networkAcl(Xml xml, NetworkAcl acl) {
    xml.text("networkAclId", acl.id())
        .text("vpcId", vpc)
        .text("default", true)
        .text("ownerId", account)
        .items(
            "entrySet",
            acl.entries(),
            (item, entry) ->
                item.text("ruleNumber", entry.number())
                    .text("protocol", entry.protocol())
                    .text("ruleAction", entry.allow() ? "allow" : "deny")
                    .text("egress", entry.egress())
                    .text("cidrBlock", entry.cidr())
                    .in(
                        "portRange",
                        range -> range.text("from", entry.from()).text("to", entry.to())))
        .items(
            "associationSet",
            acl.subnetIds(),
            (item, subnet) ->
                item.text("networkAclAssociationId", "aclassoc-" + Ids.hex(subnet, 17))
                    .text("networkAclId", acl.id())
                    .text("subnetId", subnet))
        .tags(Map.of());
  }

  private void vpcs(Xml xml) {
    var all = byId(Vpc.class, "VpcId", "InvalidVpcID.NotFound", "vpc");
    paged(xml, "vpcSet", call.filtered(all, Ec2::vpcFilter), this::vpc);
  }

  private static List<String> vpcFilter(Vpc vpc, String filter) {
    return switch (filter) {
      case "vpc-id" -> List.of(vpc.id());
      case "cidr", "cidr-block-association.cidr-block" -> vpc.cidrs();
      default -> throw Call.noSuchFilter(filter);
    };
  }

  private void vpc(Xml xml, Vpc vpc) {
    xml.text("vpcId", vpc.id())
        .text("ownerId", account)
        .text("state", "available")
        .text("cidrBlock", vpc.cidrs().get(0))
        .text("isDefault", false)
        .items(
            "cidrBlockAssociationSet",
            vpc.cidrs(),
            (item, cidr) ->
                item.text("associationId", "vpc-cidr-assoc-" + Ids.hex(cidr, 17))
                    .text("cidrBlock", cidr)
                    .in("cidrBlockState", in -> in.text("state", "associated")));
  }

  private void vpcAttribute(Xml xml) {
    var found = state.find(Vpc.class, call.need("VpcId"));
    var vpc =
        found.orElseThrow(() -> notFound("InvalidVpcID.NotFound", "vpc ID", call.get("VpcId")));
    xml.text("vpcId", vpc.id());
    switch (call.need("Attribute")) {
      case "enableDnsSupport" ->
          xml.in("enableDnsSupport", in -> in.text("value", vpc.dnsSupport()));
      case "enableDnsHostnames" ->
          xml.in("enableDnsHostnames", in -> in.text("value", vpc.dnsHostnames()));
      default -> throw AwsError.invalid("Value for parameter attribute is invalid.");
    }
  }

  private void vpcEndpoints(Xml xml) {
    var all = byId(VpcEndpoint.class, "VpcEndpointId", "InvalidVpcEndpointId.NotFound", "endpoint");
    paged(xml, "vpcEndpointSet", call.filtered(all, this::endpointFilter), this::vpcEndpoint);
  }

  private List<String> endpointFilter(VpcEndpoint endpoint, String filter) {
    return switch (filter) {
      case "vpc-id" -> List.of(vpc);
      case "vpc-endpoint-id" -> List.of(endpoint.id());
      case "vpc-endpoint-state" -> List.of(endpoint.state());
      case "vpc-endpoint-type" -> List.of(endpoint.type());
      case "service-name" -> List.of(serviceName(endpoint));
      default -> throw Call.noSuchFilter(filter);
    };
  }

  private String serviceName(VpcEndpoint endpoint) {
    return "com.amazonaws." + state.only(Cluster.class).region() + "." + endpoint.service();
  }

  private void vpcEndpoint(Xml xml, VpcEndpoint endpoint) {
    xml.text("vpcEndpointId", endpoint.id())
        .text("vpcEndpointType", endpoint.type())
        .text("vpcId", vpc)
        .text("serviceName", serviceName(endpoint))
        .text("state", endpoint.state())
        .text("privateDnsEnabled", endpoint.privateDns())
        .text("ownerId", account)
        .texts("subnetIdSet", "item", endpoint.subnetIds())
        .items("groupSet", endpoint.groups(), (item, group) -> item.text("groupId", group));
  }

  private void prefixLists(Xml xml) {
    var all = byId(PrefixList.class, "PrefixListId", "InvalidPrefixListID.NotFound", "prefix list");
    paged(
        xml,
        "prefixListSet",
        call.filtered(all, Ec2::prefixListFilter),
        (item, list) ->
            item.text("prefixListId", list.id())
                .text("addressFamily", "IPv4")
                .text("state", "create-complete")
                .text("prefixListName", list.name())
                .text("ownerId", list.owner())
                .text("version", 1));
  }

  private static List<String> prefixListFilter(PrefixList list, String filter) {
    return switch (filter) {
      case "prefix-list-id" -> List.of(list.id());
      case "prefix-list-name" -> List.of(list.name());
      case "owner-id" -> List.of(list.owner());
      default -> throw Call.noSuchFilter(filter);
    };
  }

  private void prefixListEntries(Xml xml) {
    var id = call.need("PrefixListId");
    var list =
        state
            .find(PrefixList.class, id)
            .orElseThrow(() -> notFound("InvalidPrefixListID.NotFound", "prefix list ID", id));
    paged(xml, "entrySet", list.entries(), (item, cidr) -> item.text("cidr", cidr));
  }

  private void reservations(Xml xml) {
    var id = call.need("SubnetId");
    var subnet =
        state
            .find(Subnet.class, id)
            .orElseThrow(() -> notFound("InvalidSubnetID.NotFound", "subnet ID", id));
    paged(
        xml,
        "subnetIpv4CidrReservationSet",
        subnet.reservations(),
        (item, cidr) ->
            item.text("subnetCidrReservationId", "scr-" + Ids.hex(id + cidr, 17))
                .text("subnetId", id)
                .text("cidr", cidr)
                .text("reservationType", "prefix")
                .text("ownerId", account));
  }

  private <T> void paged(Xml xml, String set, List<T> all, BiConsumer<Xml, T> each) {
    var page = call.cut("NextToken", "MaxResults", Integer.MAX_VALUE).of(all);
    xml.items(set, page.items(), each).text("nextToken", page.next());
  }

  /** Those that were asked for by id, or all. */
  private <T extends Item> List<T> byId(
      Class<T> type, String parameter, String error, String what) {
    var asked = call.list(parameter);
    Function<String, T> find =
        id -> state.find(type, id).orElseThrow(() -> notFound(error, what + " ID", id));
    return asked.isEmpty() ? state.all(type) : asked.stream().map(find).toList();
  }

  private static AwsError notFound(String code, String what, String id) {
    return new AwsError(400, code, "The " + what + " '" + id + "' does not exist");
  }
}
