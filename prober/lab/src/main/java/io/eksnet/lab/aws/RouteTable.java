package io.eksnet.lab.aws;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ids;
import io.eksnet.lab.cluster.Subnet;
import io.eksnet.lab.cluster.Vpc;
import java.util.List;

/** A route table: one for the subnets that lead to an internet gateway, one for the others. */
record RouteTable(String id, boolean main, List<String> subnetIds, List<Route> routes) {
  /** A route; the gateway's id says what it is. */
  record Route(String cidr, String gateway) {}

  static List<RouteTable> of(ClusterState state) {
    return List.of(table(state, "private", false), table(state, "public", true));
  }

  private static RouteTable table(ClusterState state, String name, boolean routed) {
    var subnets =
        state.all(Subnet.class).stream()
            .filter(subnet -> subnet.routed() == routed)
            .map(Subnet::id)
            .toList();
    var vpc = state.only(Vpc.class);
    var way = (routed ? "igw-" : "nat-") + Ids.hex(vpc.id(), 17);
    return new RouteTable(
        "rtb-" + Ids.hex(vpc.id() + name, 17),
        !routed,
        subnets,
        List.of(new Route(vpc.cidrs().get(0), "local"), new Route("0.0.0.0/0", way)));
  }

  List<String> filter(String filter, String vpc) {
    return switch (filter) {
      case "vpc-id" -> List.of(vpc);
      case "route-table-id" -> List.of(id);
      case "association.subnet-id" -> subnetIds;
      case "association.main" -> List.of(Boolean.toString(main));
      default -> throw Call.noSuchFilter(filter);
    };
  }

  void write(Xml xml, String vpc, String account) {
    xml.text("routeTableId", id)
        .text("vpcId", vpc)
        .text("ownerId", account)
        .items("routeSet", routes, RouteTable::route)
        .in("associationSet", this::associations);
  }

  private void associations(Xml xml) {
    if (main) {
      xml.in("item", item -> association(item, "").text("main", true));
    }
    subnetIds.forEach(
        subnet ->
            xml.in(
                "item",
                item -> association(item, subnet).text("subnetId", subnet).text("main", false)));
  }

  private Xml association(Xml xml, String subnet) {
    return xml.text("routeTableAssociationId", "rtbassoc-" + Ids.hex(id + subnet, 17))
        .text("routeTableId", id)
        .in("associationState", in -> in.text("state", "associated"));
  }

  private static void route(Xml xml, Route route) {
    var gateway = route.gateway().startsWith("nat-") ? "natGatewayId" : "gatewayId";
    xml.text("destinationCidrBlock", route.cidr())
        .text(gateway, route.gateway())
        .text("state", "active");
  }
}
