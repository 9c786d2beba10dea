package io.eksnet.model.inventory;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A subnet of the cluster.
 *
 * @param cidr its IPv4 range, /16 to /28
 * @param available free IPv4 addresses; lags behind changes (EC2 eventual consistency)
 * @param tags those that decide about load balancers and the CNI, and {@code Name}
 * @param reservations reserved ranges, each followed by a blank and its type, {@code prefix} or
 *     {@code explicit}. Explicit ones hold no free prefixes; {@code available} may include them
 */
public record Subnet(
    String id,
    String zone,
    String cidr,
    int available,
    Set<SubnetRole> roles,
    Map<String, String> tags,
    List<String> reservations) {
  /** AWS keeps the first four addresses and the last (VPC User Guide, "Subnet sizing"). */
  private static final int RESERVED = 5;

  public Subnet {
    roles = Set.copyOf(roles);
    tags = Map.copyOf(tags);
    reservations = List.copyOf(reservations);
  }

  /** The tag {@code Name}, or empty. */
  public String name() {
    return tags.getOrDefault("Name", "");
  }

  /** How many addresses it can give away in all: its size without the five of AWS. */
  public int usable() {
    return usable(Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1)));
  }

  /** How many addresses of a range with this prefix length can be given away. */
  public static int usable(int prefixLength) {
    if (prefixLength < 16 || prefixLength > 28) {
      throw new IllegalArgumentException("a subnet is /16 to /28, not /" + prefixLength);
    }
    return (1 << (32 - prefixLength)) - RESERVED;
  }
}
