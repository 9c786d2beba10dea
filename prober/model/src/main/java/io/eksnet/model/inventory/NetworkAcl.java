package io.eksnet.model.inventory;

import java.util.List;

/**
 * A network ACL: a stateless packet filter at the border of subnets (VPC User Guide, "Control
 * subnet traffic with network access control lists").
 *
 * @param isDefault whether subnets that no other ACL names use it
 */
public record NetworkAcl(
    String id, boolean isDefault, List<String> subnetIds, List<Entry> entries) {
  public NetworkAcl {
    subnetIds = List.copyOf(subnetIds);
    entries = List.copyOf(entries);
  }

  /**
   * A rule. Of the rules that match a packet, that with the lowest number decides.
   *
   * @param number 1 to 32766; 32767 and 32768 are the final rules {@code *} for IPv4 and IPv6
   * @param egress whether it applies to packets that leave the subnet
   * @param protocol IANA protocol number, or -1 for all protocols and ports
   * @param range the addresses at the other end, as a CIDR block
   * @param fromPort the first destination port, 0 to 65535
   */
  public record Entry(
      int number,
      boolean egress,
      boolean allow,
      int protocol,
      String range,
      int fromPort,
      int toPort) {}
}
