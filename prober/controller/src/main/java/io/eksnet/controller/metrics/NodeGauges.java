package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.NODE_NOT_READY;
import static io.eksnet.metrics.InventoryCatalogue.POD_SLOTS;
import static io.eksnet.metrics.InventoryCatalogue.SANDBOX_FAILURES;
import static io.eksnet.metrics.InventoryCatalogue.UNSCHEDULABLE;

import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Nodes: whether they are ready, their pod slots, and the pods that got none or no address. */
final class NodeGauges {
  private NodeGauges() {}

  static void add(Inventory inventory, Series to) {
    inventory.get(Resources.PENDING_PODS).ifPresent(pods -> addUnschedulable(pods, to));
    var nodes = inventory.get(Resources.NODES);
    inventory
        .get(Resources.SANDBOX_FAILURES)
        .ifPresent(failures -> addFailures(failures, nodes.orElse(List.of()), to));
    nodes.ifPresent(known -> known.forEach(node -> addSlots(node, to)));
    for (var node : inventory.list(Resources.NOT_READY_NODES)) {
      to.count(NODE_NOT_READY, 1, node.name(), node.zone(), node.reason().label());
    }
  }

  private static void addUnschedulable(List<PendingPod> pods, Series to) {
    for (var obstacle : UnschedulableReason.values()) {
      if (obstacle != UnschedulableReason.NONE) {
        var number =
            pods.stream()
                .filter(pod -> !pod.scheduling().scheduled())
                .filter(pod -> pod.scheduling().reason() == obstacle)
                .count();
        to.count(UNSCHEDULABLE, number, obstacle.label());
      }
    }
  }

  /** A Fargate node runs one pod, so it is always full. */
  private static void addSlots(KubeNode node, Series to) {
    if (node.computeType() != ComputeType.FARGATE && node.podSlots() > 0) {
      to.count(POD_SLOTS, node.podsOnIt(), node.name(), "used");
      to.count(POD_SLOTS, node.podSlots(), node.name(), "allocatable");
    }
  }

  /**
   * Includes nodes that are gone while the source still reports them, so that the last failure is
   * scraped.
   */
  private static void addFailures(List<SandboxFailures> failures, List<KubeNode> nodes, Series to) {
    var byName =
        nodes.stream()
            .collect(Collectors.toMap(KubeNode::name, Function.identity(), (one, same) -> one));
    for (var node : byName.values()) {
      if (hasTheCni(node)) {
        for (var reason : SandboxFailure.values()) {
          to.count(SANDBOX_FAILURES, 0, node.zone(), node.name(), reason.label());
        }
      }
    }
    for (var failed : failures) {
      var zone = zone(failed, byName);
      to.count(SANDBOX_FAILURES, failed.count(), zone, failed.node(), failed.reason().label());
    }
  }

  private static boolean hasTheCni(KubeNode node) {
    return node.computeType() == ComputeType.EC2 || node.computeType() == ComputeType.AUTO;
  }

  /** That of the node where it is known, so that the first failure counts on from its 0. */
  private static String zone(SandboxFailures failed, Map<String, KubeNode> byName) {
    var node = byName.get(failed.node());
    return node == null ? failed.zone() : node.zone();
  }
}
