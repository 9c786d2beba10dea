package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.stream.Stream;

/** R46: pods are not scheduled because the pod slots of nodes are in use. */
final class PodSlotsFull implements DiagnosisRule {
  private static final double FULL = 0.95;

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var pending =
        evidence.list(Resources.PENDING_PODS).stream()
            .filter(pod -> !pod.waitsForAddress())
            .filter(pod -> pod.scheduling().reason() == UnschedulableReason.INSUFFICIENT_PODS)
            .count();
    var nodes = evidence.list(Resources.NODES).stream().filter(n -> n.podSlots() > 1).toList();
    var used = nodes.stream().mapToInt(KubeNode::podsOnIt).sum();
    var slots = nodes.stream().mapToInt(KubeNode::podSlots).sum();
    if (pending == 0 || slots == 0 || used < FULL * slots) {
      return Stream.empty();
    }
    return Stream.of(
        Finding.builder(RootCause.POD_SLOTS_FULL, "cluster", 95)
            .evidence("%d pods are Pending: \"Insufficient pods\"".formatted(pending))
            .evidence(
                "%d of %d pod slots of %d nodes are used".formatted(used, slots, nodes.size()))
            .supportedBy(evidence.inventory(), Resources.NODES, Resources.SUBNETS)
            .excludes("not addresses: the scheduler counts pods, and these pods have no node yet")
            .fix(
                "add nodes, or larger ones",
                "raise max-pods with prefix delegation in new node groups")
            .build());
  }
}
