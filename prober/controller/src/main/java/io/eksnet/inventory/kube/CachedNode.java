package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.message;
import static io.eksnet.inventory.kube.KubeObjects.text;
import static io.eksnet.inventory.kube.KubeObjects.time;

import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.Taint;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is kept of a node.
 *
 * @param notReady present if it should be ready and is not
 */
record CachedNode(KubeNode node, Optional<NotReadyNode> notReady) {
  /**
   * Taints of nodes that are taken out of service: by {@code kubectl cordon} and drain, Karpenter,
   * the Cluster Autoscaler, and the cloud controller for stopped instances.
   */
  private static final Set<String> LEAVING_TAINTS =
      Set.of(
          "node.kubernetes.io/unschedulable",
          "node.kubernetes.io/out-of-service",
          "karpenter.sh/disrupted",
          "karpenter.sh/disruption",
          "ToBeDeletedByClusterAutoscaler",
          "node.cloudprovider.kubernetes.io/shutdown");

  private static final String STATUS_UNKNOWN = "NodeStatusUnknown";
  private static final String STATUS_NEVER_UPDATED = "NodeStatusNeverUpdated";

  /** The first words are those of the kubelet ({@code runtimeState.networkErrors}). */
  private static final Pattern NETWORK =
      Pattern.compile(
          "runtime network not ready|NetworkPluginNotReady|network plugin is not ready");

  /** Of {@code runtimeState.runtimeErrors}; PLEG is the pod lifecycle event generator. */
  private static final Pattern RUNTIME =
      Pattern.compile(
          "container runtime is down|PLEG is not healthy|container runtime status check");

  static Optional<CachedNode> of(Node node) {
    var kept = NodeSources.node(node);
    return Optional.of(
        new CachedNode(
            kept,
            kept.ready() || isLeaving(node, kept)
                ? Optional.empty()
                : Optional.of(notReady(node, kept))));
  }

  private static boolean isLeaving(Node node, KubeNode kept) {
    return kept.computeType() == ComputeType.FARGATE
        || node.getMetadata().getDeletionTimestamp() != null
        || Optional.ofNullable(node.getSpec())
            .filter(spec -> Boolean.TRUE.equals(spec.getUnschedulable()))
            .isPresent()
        || kept.taints().stream().map(Taint::key).anyMatch(LEAVING_TAINTS::contains);
  }

  private static NotReadyNode notReady(Node node, KubeNode kept) {
    var conditions =
        node.getStatus() == null
            ? List.<NodeCondition>of()
            : list(node.getStatus().getConditions());
    var ready = conditions.stream().filter(c -> "Ready".equals(c.getType())).findFirst();
    var network =
        conditions.stream()
            .filter(CachedNode::isNetworkUnavailable)
            .filter(c -> ready.filter(CachedNode::isSilent).isEmpty())
            .findFirst();
    return new NotReadyNode(
        kept.name(),
        kept.zone(),
        network.isPresent()
            ? NotReadyReason.CNI_NOT_INITIALIZED
            : ready
                .map(c -> reason(text(c.getReason()), text(c.getMessage())))
                .orElse(NotReadyReason.STATUS_NEVER_UPDATED),
        network.or(() -> ready).map(c -> message(c.getMessage())).orElse(""),
        ready.map(c -> time(c.getLastTransitionTime(), kept.created())).orElse(kept.created()));
  }

  /**
   * Whether the kubelet sends no status. The node lifecycle controller then sets this reason, and
   * other conditions keep the values from before.
   */
  private static boolean isSilent(NodeCondition ready) {
    return Set.of(STATUS_UNKNOWN, STATUS_NEVER_UPDATED).contains(text(ready.getReason()));
  }

  /** Set by CNIs with routes of their own; most nodes do not have this condition. */
  private static boolean isNetworkUnavailable(NodeCondition condition) {
    return "NetworkUnavailable".equals(condition.getType()) && "True".equals(condition.getStatus());
  }

  /**
   * Classifies a condition {@code Ready} that is not true. A message may list several errors: a
   * runtime that is down does not know the state of its network.
   */
  static NotReadyReason reason(String reason, String message) {
    if (reason.equals(STATUS_UNKNOWN)) {
      return NotReadyReason.STATUS_UNKNOWN;
    }
    if (reason.equals(STATUS_NEVER_UPDATED)) {
      return NotReadyReason.STATUS_NEVER_UPDATED;
    }
    if (RUNTIME.matcher(message).find()) {
      return NotReadyReason.CONTAINER_RUNTIME;
    }
    return NETWORK.matcher(message).find()
        ? NotReadyReason.CNI_NOT_INITIALIZED
        : NotReadyReason.OTHER;
  }
}
