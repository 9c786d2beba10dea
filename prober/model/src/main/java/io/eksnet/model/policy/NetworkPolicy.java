package io.eksnet.model.policy;

import java.util.List;
import java.util.Optional;

/**
 * A NetworkPolicy (Kubernetes API reference, {@code networking.k8s.io/v1}).
 *
 * @param pods of its namespace that it isolates
 * @param isolatesIngress whether it has the policy type {@code Ingress}
 * @param isolatesEgress whether it has the policy type {@code Egress}
 * @param ingress what may connect to these pods
 * @param egress what these pods may connect to
 */
public record NetworkPolicy(
    String namespace,
    String name,
    LabelSelector pods,
    boolean isolatesIngress,
    boolean isolatesEgress,
    List<Rule> ingress,
    List<Rule> egress) {
  public NetworkPolicy {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** Such as {@code shop/default-deny}. */
  public String id() {
    return namespace + "/" + name;
  }

  /** Whether it isolates these pods from traffic of this direction. */
  public boolean isolates(PodGroup group, Direction direction) {
    return (direction == Direction.INGRESS ? isolatesIngress : isolatesEgress)
        && namespace.equals(group.namespace())
        && pods.matches(group.labels());
  }

  /** The rules for traffic of this direction. */
  public List<Rule> rules(Direction direction) {
    return direction == Direction.INGRESS ? ingress : egress;
  }

  /**
   * Allows traffic that matches one of the peers and one of the ports.
   *
   * @param peers none: any
   * @param ports none: any
   */
  public record Rule(List<Peer> peers, List<Port> ports) {
    public Rule {
      peers = List.copyOf(peers);
      ports = List.copyOf(ports);
    }
  }

  /**
   * The other end: pods by their namespace, their labels or both, or a range of addresses.
   *
   * @param namespaces empty: that of the policy
   * @param pods empty: all pods of these namespaces
   * @param block if present, the selectors are empty
   */
  public record Peer(
      Optional<LabelSelector> namespaces, Optional<LabelSelector> pods, Optional<IpBlock> block) {}

  /**
   * A range of addresses.
   *
   * @param cidr such as {@code 10.0.0.0/16}
   * @param except ranges in it that are left out
   */
  public record IpBlock(String cidr, List<String> except) {
    public IpBlock {
      except = List.copyOf(except);
    }
  }

  /**
   * Ports of the pods at the server's end.
   *
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   * @param name of a container port; empty: the numbers decide
   * @param first 0: all ports
   * @param last equal to {@code first} unless the policy has an {@code endPort}
   */
  public record Port(String protocol, String name, int first, int last) {}
}
