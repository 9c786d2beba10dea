package io.eksnet.model.inventory;

import java.util.List;

/**
 * A VPC endpoint.
 *
 * @param service such as {@code sts}, without region and prefix
 * @param state {@code available}, {@code pending}, …
 * @param placements where an interface endpoint has addresses, at most one subnet in each zone;
 *     empty for a gateway endpoint, and if one of its subnets is unknown
 */
public record VpcEndpoint(
    String id, String service, String state, boolean privateDns, List<Placement> placements) {
  /**
   * A subnet with a network interface of the endpoint.
   *
   * @param cidr its IPv4 range
   */
  public record Placement(String subnetId, String zone, String cidr) {}

  public VpcEndpoint {
    placements = List.copyOf(placements);
  }

  public boolean available() {
    return state.equalsIgnoreCase("available");
  }
}
