package io.eksnet.model.policy;

import static io.eksnet.model.policy.PolicyVerdict.Decision.ALLOWED;
import static io.eksnet.model.policy.PolicyVerdict.Decision.DENIED;
import static io.eksnet.model.policy.PolicyVerdict.Decision.UNKNOWN;

import io.eksnet.model.Cidr;
import io.eksnet.model.policy.NetworkPolicy.IpBlock;
import io.eksnet.model.policy.NetworkPolicy.Peer;
import io.eksnet.model.policy.NetworkPolicy.Port;
import io.eksnet.model.policy.NetworkPolicy.Rule;
import io.eksnet.model.policy.PolicyVerdict.Decision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Evaluates whether NetworkPolicies allow a connection: a pod that policies select for a direction
 * accepts only what one of their rules allows, and both ends must allow it (Kubernetes, "Network
 * Policies"). Policies of other kinds, such as those of Calico, Cilium and administrators, are not
 * considered.
 */
public record PolicyEvaluator(NetworkPolicies known) {
  /**
   * One end of a connection.
   *
   * @param pods it is one of these; empty: it is not a pod, or a pod on the network of its node
   * @param range its address, or the range in which its address is
   */
  public record End(Optional<PodGroup> pods, Cidr range) {
    /** A pod with this address. */
    public static End pod(PodGroup group, String address) {
      return new End(Optional.of(group).filter(pods -> !pods.hostNetwork()), Cidr.of(address));
    }

    /** Something that is not a pod and has an address in this range. */
    public static End outside(Cidr range) {
      return new End(Optional.empty(), range);
    }
  }

  /**
   * A connection.
   *
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   * @param port of the destination; of a pod, not of its Service
   */
  public record Connection(End source, End destination, String protocol, int port) {}

  /** The verdict about the end that denies it, the source first. */
  public PolicyVerdict evaluate(Connection connection) {
    var out = evaluate(connection, Direction.EGRESS);
    if (out.isDenied()) {
      return out;
    }
    var in = evaluate(connection, Direction.INGRESS);
    return in.isDenied() || out.decision() == ALLOWED ? in : out;
  }

  private PolicyVerdict evaluate(Connection connection, Direction direction) {
    var egress = direction == Direction.EGRESS;
    var pod = (egress ? connection.source() : connection.destination()).pods();
    // a pod cannot be isolated from itself
    if (pod.isEmpty() || connection.source().equals(connection.destination())) {
      return new PolicyVerdict(ALLOWED, direction, List.of());
    }
    var isolating =
        known.policies().stream().filter(policy -> policy.isolates(pod.get(), direction)).toList();
    if (isolating.isEmpty()) {
      var strict = known.engine() == PolicyEngine.VPC_CNI_STRICT;
      return new PolicyVerdict(strict ? DENIED : ALLOWED, direction, List.of());
    }
    var decision =
        isolating.stream()
            .map(policy -> evaluate(policy, connection, direction))
            .reduce(DENIED, PolicyEvaluator::either);
    return new PolicyVerdict(decision, direction, isolating);
  }

  private Decision evaluate(NetworkPolicy policy, Connection connection, Direction direction) {
    var peer = direction == Direction.EGRESS ? connection.destination() : connection.source();
    return policy.rules(direction).stream()
        .filter(rule -> allowsPort(rule, connection))
        .map(rule -> anyOf(rule.peers(), one -> matches(one, peer, policy.namespace())))
        .reduce(DENIED, PolicyEvaluator::either);
  }

  private static boolean allowsPort(Rule rule, Connection connection) {
    return rule.ports().isEmpty()
        || rule.ports().stream().anyMatch(port -> matches(port, connection));
  }

  private static boolean matches(Port port, Connection connection) {
    if (!port.protocol().equals(connection.protocol())) {
      return false;
    }
    if (!port.name().isEmpty()) {
      return connection.destination().pods().stream()
          .flatMap(pods -> pods.ports().stream())
          .filter(named -> named.name().equals(port.name()))
          .filter(named -> named.protocol().equals(port.protocol()))
          .anyMatch(named -> named.number() == connection.port());
    }
    return port.first() == 0
        || (port.first() <= connection.port() && connection.port() <= port.last());
  }

  private Decision matches(Peer peer, End end, String namespace) {
    if (peer.block().isPresent()) {
      return matches(peer.block().get(), end.range());
    }
    var selected =
        end.pods()
            .filter(pods -> isNamespace(peer, pods.namespace(), namespace))
            .filter(pods -> peer.pods().orElse(LabelSelector.ALL).matches(pods.labels()));
    return selected.isPresent() ? ALLOWED : DENIED;
  }

  private boolean isNamespace(Peer peer, String namespace, String ofPolicy) {
    return peer.namespaces()
        .map(selector -> selector.matches(known.namespaces().getOrDefault(namespace, Map.of())))
        .orElse(namespace.equals(ofPolicy));
  }

  private static Decision matches(IpBlock block, Cidr range) {
    var all = Cidr.parse(block.cidr()).filter(cidr -> cidr.overlaps(range));
    var excepted = block.except().stream().flatMap(text -> Cidr.parse(text).stream()).toList();
    if (all.isEmpty() || excepted.stream().anyMatch(except -> except.contains(range))) {
      return DENIED;
    }
    return all.get().contains(range)
            && excepted.stream().noneMatch(except -> except.overlaps(range))
        ? ALLOWED
        : UNKNOWN;
  }

  private static Decision anyOf(List<Peer> peers, Function<Peer, Decision> decide) {
    return peers.isEmpty()
        ? ALLOWED
        : peers.stream().map(decide).reduce(DENIED, PolicyEvaluator::either);
  }

  /** Rules and policies add up. */
  private static Decision either(Decision one, Decision other) {
    return one == ALLOWED || other == ALLOWED
        ? ALLOWED
        : one == UNKNOWN || other == UNKNOWN ? UNKNOWN : DENIED;
  }
}
