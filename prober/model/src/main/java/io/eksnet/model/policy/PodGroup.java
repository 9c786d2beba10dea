package io.eksnet.model.policy;

import java.util.List;
import java.util.Map;

/**
 * Pods of a namespace with the same labels and ports: to NetworkPolicies only their addresses
 * differ.
 *
 * @param hostNetwork whether they have the addresses of their nodes; NetworkPolicies do not apply
 *     to them
 * @param ports their container ports
 */
public record PodGroup(
    String namespace,
    Map<String, String> labels,
    boolean hostNetwork,
    List<NamedPort> ports,
    List<String> addresses) {
  public PodGroup {
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
    addresses = List.copyOf(addresses);
  }

  /**
   * A container port.
   *
   * @param name empty if it has none
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   */
  public record NamedPort(String name, String protocol, int number) {}
}
