package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.KubeNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The parts that are made of nodes. */
final class NodeParts {
  private NodeParts() {}

  /** The nodes, with how many slots their pods take. */
  static List<KubeNode> nodes(Collection<KubeNode> nodes, Collection<CachedPod> pods) {
    Map<String, Long> slots =
        pods.stream().collect(Collectors.groupingBy(CachedPod::node, Collectors.counting()));
    return nodes.stream()
        .sorted(Comparator.comparing(KubeNode::name))
        .map(node -> with(node, slots.getOrDefault(node.name(), 0L)))
        .toList();
  }

  /** The zone of each node that tells one. */
  static Map<String, String> zones(Collection<KubeNode> nodes) {
    return nodes.stream().collect(Collectors.toMap(KubeNode::name, KubeNode::zone, (a, b) -> a));
  }

  private static KubeNode with(KubeNode node, long pods) {
    return new KubeNode(
        node.name(),
        node.zone(),
        node.instanceId(),
        node.instanceType(),
        node.computeType(),
        node.nodeClass(),
        node.addresses(),
        node.ready(),
        node.podSlots(),
        Math.toIntExact(pods),
        node.conditions(),
        node.created());
  }
}
