package io.eksnet.lab.cluster;

import java.util.List;

/** A network ACL: stateless rules for subnets, tried by number. */
public record NetworkAcl(String id, List<String> subnetIds, List<Entry> entries) implements Item {
  /** A rule; {@code protocol} is {@code -1} for all or {@code 6} for TCP. */
  public record Entry(
      int number, boolean egress, boolean allow, String protocol, int from, int to, String cidr) {}

  public NetworkAcl {
    subnetIds = List.copyOf(subnetIds);
    entries = List.copyOf(entries);
  }

  /** The ACL that AWS makes: everything may pass. */
  public static NetworkAcl open(String id, List<String> subnetIds) {
    return new NetworkAcl(
        id,
        subnetIds,
        List.of(
            new Entry(100, false, true, "-1", 0, 65_535, "0.0.0.0/0"),
            new Entry(100, true, true, "-1", 0, 65_535, "0.0.0.0/0")));
  }

  @Override
  public String key() {
    return id;
  }
}
