package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.stream.Stream;

/** R46: pods wait for a node because all pod slots are taken, and subnets have room. */
final class PodSlotsFull implements Rule {
  private static final double FULL = 0.95;

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var waiting =
        evidence.inventory().list(Resources.PENDING_PODS).stream()
            .filter(pod -> !pod.waitsForAddress())
            .filter(pod -> pod.scheduling().obstacle() == UnschedulableReason.INSUFFICIENT_PODS)
            .count();
    var nodes =
        evidence.inventory().list(Resources.NODES).stream().filter(n -> n.podSlots() > 1).toList();
    var used = nodes.stream().mapToInt(KubeNode::podsOnIt).sum();
    var slots = nodes.stream().mapToInt(KubeNode::podSlots).sum();
    if (waiting == 0 || slots == 0 || used < FULL * slots) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.POD_SLOTS_FULL, "cluster", 95)
        .seen("%d pods wait: \"Insufficient pods\"".formatted(waiting))
        .seen("%d of %d pod slots of %d nodes are taken".formatted(used, slots, nodes.size()))
        .supportedBy(evidence, Resources.NODES, Resources.SUBNETS)
        .excludes("not addresses: the scheduler counts pods, and these pods have no node yet")
        .fix(
            "add nodes, or larger ones", "raise max-pods with prefix delegation on new node groups")
        .stream();
  }
}
