package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.stream.Stream;

/**
 * R46: pods are not scheduled because the pod slots of nodes are in use. The scheduler counts only
 * nodes that these pods may use: one full node group is enough.
 */
final class PodSlotsFull implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var pending =
        evidence.list(Resources.PENDING_PODS).stream()
            .filter(pod -> !pod.waitsForAddress())
            .filter(pod -> pod.scheduling().reason() == UnschedulableReason.INSUFFICIENT_PODS)
            .toList();
    var nodes = evidence.list(Resources.NODES).stream().filter(n -> n.podSlots() > 1).toList();
    var full = nodes.stream().filter(node -> node.podsOnIt() >= node.podSlots()).toList();
    if (pending.isEmpty() || full.isEmpty()) {
      return Stream.empty();
    }
    var slots = full.stream().mapToInt(KubeNode::podSlots).sum();
    return Stream.of(
        Finding.builder(RootCause.POD_SLOTS_FULL, "cluster", 95)
            .evidence(
                "%d pods are Pending: \"%s\""
                    .formatted(pending.size(), pending.get(0).scheduling().message()))
            .evidence(
                "all %d pod slots of %d of %d nodes are used: %s"
                    .formatted(
                        slots,
                        full.size(),
                        nodes.size(),
                        FindingText.list(full.stream().map(KubeNode::name).toList())))
            .supportedBy(evidence.inventory(), Resources.NODES, Resources.SUBNETS)
            .excludes("not addresses: the scheduler counts pods, and these pods have no node yet")
            .fix(
                full.size() == nodes.size()
                    ? "add nodes, or larger ones"
                    : "add nodes, or larger ones, to the node groups that these pods may use",
                "raise max-pods with prefix delegation in new node groups")
            .build());
  }
}
