package io.eksnet.lab.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A subnet.
 *
 * @param available its free addresses
 * @param routed whether its route table leads to an internet gateway
 */
public record Subnet(
    String id,
    String zone,
    String cidr,
    int available,
    boolean routed,
    String ipv6Cidr,
    Map<String, String> tags,
    List<String> reservations)
    implements Item {

  public Subnet {
    tags = Map.copyOf(tags);
    reservations = List.copyOf(reservations);
  }

  @Override
  public String key() {
    return id;
  }

  public Subnet withAvailable(int next) {
    return new Subnet(id, zone, cidr, next, routed, ipv6Cidr, tags, reservations);
  }

  public Subnet withTags(Map<String, String> next) {
    return new Subnet(id, zone, cidr, available, routed, ipv6Cidr, next, reservations);
  }

  public Subnet withRouted(boolean next) {
    return new Subnet(id, zone, cidr, available, next, ipv6Cidr, tags, reservations);
  }

  public Subnet withIpv6Cidr(String next) {
    return new Subnet(id, zone, cidr, available, routed, next, tags, reservations);
  }

  public Subnet withReservations(List<String> next) {
    return new Subnet(id, zone, cidr, available, routed, ipv6Cidr, tags, next);
  }

  /** With a tag more. */
  public Subnet withTag(String name, String value) {
    var next = new HashMap<>(tags);
    next.put(name, value);
    return withTags(next);
  }

  /** With a tag less. */
  public Subnet withoutTag(String name) {
    var next = new HashMap<>(tags);
    next.remove(name);
    return withTags(next);
  }
}
