package io.eksnet.model.inventory;

import java.util.List;

/**
 * An elastic network interface.
 *
 * @param instanceId empty while it is attached to none
 * @param addresses its private addresses, the primary one first
 * @param prefixes its delegated prefixes, /28 of IPv4 and /80 of IPv6
 * @param groups its security groups
 */
public record NetworkInterface(
    String id,
    String subnetId,
    String instanceId,
    boolean primary,
    List<String> addresses,
    List<String> prefixes,
    List<String> groups) {
  public NetworkInterface {
    addresses = List.copyOf(addresses);
    prefixes = List.copyOf(prefixes);
    groups = List.copyOf(groups);
  }
}
