package io.eksnet.inventory.aws;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.RouteTable;

/** Which subnets have a route to an internet gateway. */
final class PublicRoutes {
  private PublicRoutes() {}

  /** A subnet has the table that is associated with it, else the main table of the VPC. */
  static Set<String> of(List<RouteTable> tables, Collection<String> subnetIds) {
    var explicit = new HashMap<String, Boolean>();
    var main = false;
    for (var table : tables) {
      var open = toInternet(table);
      for (var association : table.associations()) {
        if (association.subnetId() != null) {
          explicit.put(association.subnetId(), open);
        }
        main |= open && SdkNulls.yes(association.main());
      }
    }
    var otherwise = main;
    return subnetIds.stream()
        .filter(id -> explicit.getOrDefault(id, otherwise))
        .collect(Collectors.toSet());
  }

  private static boolean toInternet(RouteTable table) {
    return table.routes().stream()
        .anyMatch(route -> SdkNulls.text(route.gatewayId()).startsWith("igw"));
  }
}
