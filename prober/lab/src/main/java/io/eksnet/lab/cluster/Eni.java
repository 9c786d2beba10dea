package io.eksnet.lab.cluster;

import java.util.List;
import java.util.Map;

/**
 * A network interface.
 *
 * @param type {@code interface}, {@code branch}, {@code trunk}, {@code vpc_endpoint}, …
 * @param instanceId empty while it is attached to none
 * @param device its place on the instance; 0 is the primary one
 * @param prefixes its delegated IPv4 prefixes
 */
public record Eni(
    String id,
    String subnetId,
    String zone,
    String type,
    String description,
    String instanceId,
    int device,
    List<String> addresses,
    List<String> prefixes,
    List<String> groups,
    Map<String, String> tags)
    implements Item {

  public Eni {
    addresses = List.copyOf(addresses);
    prefixes = List.copyOf(prefixes);
    groups = List.copyOf(groups);
    tags = Map.copyOf(tags);
  }

  @Override
  public String key() {
    return id;
  }

  /** {@code available} while it is attached to nothing. */
  public String status() {
    return instanceId.isEmpty() && type.equals("interface") && description.startsWith("aws-K8S")
        ? "available"
        : "in-use";
  }

  public Eni withAddresses(List<String> next) {
    return new Eni(
        id, subnetId, zone, type, description, instanceId, device, next, prefixes, groups, tags);
  }

  public Eni withPrefixes(List<String> next) {
    return new Eni(
        id, subnetId, zone, type, description, instanceId, device, addresses, next, groups, tags);
  }

  public Eni withGroups(List<String> next) {
    return new Eni(
        id, subnetId, zone, type, description, instanceId, device, addresses, prefixes, next, tags);
  }

  public Eni withInstanceId(String next) {
    return new Eni(
        id, subnetId, zone, type, description, next, device, addresses, prefixes, groups, tags);
  }
}
