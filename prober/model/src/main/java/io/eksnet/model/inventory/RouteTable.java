package io.eksnet.model.inventory;

import io.eksnet.model.Cidr;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A route table (VPC User Guide, "Configure route tables").
 *
 * @param main whether subnets that no other table names use it
 */
public record RouteTable(String id, boolean main, List<String> subnetIds, List<Route> routes) {
  public RouteTable {
    subnetIds = List.copyOf(subnetIds);
    routes = List.copyOf(routes);
  }

  /**
   * A route.
   *
   * @param destination a CIDR block or the id of a prefix list
   * @param target {@code local}, or the id of a gateway, connection, interface or endpoint, such as
   *     {@code nat-…}
   * @param active false for a {@code blackhole}: its target no longer exists or drops packets
   */
  public record Route(String destination, String target, boolean active) {
    private boolean isPrefixList() {
      return destination.startsWith("pl-");
    }

    /** Empty for a prefix list. */
    private Optional<Cidr> range() {
      return Cidr.parse(destination);
    }
  }

  /**
   * The route to an address or range: of those that contain it, the one with the longest prefix.
   * Prefix lists are not considered.
   */
  public Optional<Route> routeTo(Cidr destination) {
    return routes.stream()
        .filter(route -> route.range().filter(range -> range.contains(destination)).isPresent())
        .max(Comparator.comparing(route -> route.range().map(Cidr::length).orElse(0)));
  }

  /**
   * Whether a prefix list may contain public addresses, so that {@link #routeTo} may be wrong.
   * Those of gateway endpoints contain S3 or DynamoDB only.
   */
  public boolean mayRouteByPrefixList() {
    return routes.stream().anyMatch(route -> route.isPrefixList() && !isEndpoint(route));
  }

  private static boolean isEndpoint(Route route) {
    return route.target().startsWith("vpce-");
  }
}
