package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.KubeNode;
import io.eksnet.core.inventory.Obstacle;
import io.eksnet.core.inventory.Parts;
import java.util.stream.Stream;

/** R46: pods wait for a node because all pod slots are taken, and subnets have room. */
final class PodSlotsFull implements Rule {
  private static final double FULL = 0.95;

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var waiting =
        evidence.inventory().list(Parts.PENDING_PODS).stream()
            .filter(pod -> !pod.waitsForAddress())
            .filter(pod -> pod.scheduling().obstacle() == Obstacle.INSUFFICIENT_PODS)
            .count();
    var nodes =
        evidence.inventory().list(Parts.NODES).stream().filter(n -> n.podSlots() > 1).toList();
    var used = nodes.stream().mapToInt(KubeNode::podsOnIt).sum();
    var slots = nodes.stream().mapToInt(KubeNode::podSlots).sum();
    if (waiting == 0 || slots == 0 || used < FULL * slots) {
      return Stream.empty();
    }
    return Draft.of(RootCause.POD_SLOTS_FULL, "cluster", 95)
        .seen("%d pods wait: \"Insufficient pods\"".formatted(waiting))
        .seen("%d of %d pod slots of %d nodes are taken".formatted(used, slots, nodes.size()))
        .supportedBy(evidence, Parts.NODES, Parts.SUBNETS)
        .excludes("not addresses: the scheduler counts pods, and these pods have no node yet")
        .fix(
            "add nodes, or larger ones", "raise max-pods with prefix delegation on new node groups")
        .stream();
  }
}
