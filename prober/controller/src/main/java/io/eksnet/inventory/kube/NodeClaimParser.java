package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.message;
import static io.eksnet.inventory.kube.KubeObjects.time;

import io.eksnet.inventory.kube.CustomResources.Fields;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.NodeClaim;
import io.eksnet.model.inventory.ReconcileCause;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads NodeClaims ({@code karpenter.sh/v1}). Karpenter sets {@code Launched} when EC2 has started
 * an instance, and {@code Registered} when the node exists; until then they are {@code Unknown}
 * with a reason.
 */
final class NodeClaimParser {
  private static final String LAUNCHED = "Launched";
  private static final String REGISTERED = "Registered";

  /** Reasons of {@code Launched} ({@code pkg/errors} of karpenter-provider-aws). */
  private static final Map<String, ReconcileCause> CAUSES =
      Map.of(
          "VCPULimitExceeded", ReconcileCause.QUOTA_EXCEEDED,
          "SpotQuotaExceeded", ReconcileCause.QUOTA_EXCEEDED,
          "FleetQuotaExceeded", ReconcileCause.QUOTA_EXCEEDED,
          "Unauthorized", ReconcileCause.IAM,
          "AMIAuthorizationFailure", ReconcileCause.IAM,
          "SpotSLRCreationFailed", ReconcileCause.IAM,
          "InsufficientFreeAddressesInSubnet", ReconcileCause.SUBNET_EXHAUSTED,
          "RequestLimitExceeded", ReconcileCause.THROTTLED);

  private NodeClaimParser() {}

  /** Empty if it is registered or deleted. */
  static Optional<NodeClaim> parse(GenericKubernetesResource object) {
    var fields = new Fields(object);
    var conditions = fields.objects("status", "conditions");
    var launched = condition(LAUNCHED, conditions);
    var pending = isTrue(launched) ? condition(REGISTERED, conditions) : launched;
    if (object.getMetadata().getDeletionTimestamp() != null || isTrue(pending)) {
      return Optional.empty();
    }
    var labels = KubeObjects.labels(object);
    var reason = Fields.text(pending, "reason");
    var text = message(Fields.text(pending, "message"));
    return Optional.of(
        new NodeClaim(
            KubeObjects.name(object),
            labels.getOrDefault("karpenter.sh/nodepool", ""),
            fields.text("spec", "nodeClassRef", "name"),
            NodeSources.instanceId(fields.text("status", "providerID")),
            new Condition(
                isTrue(launched) ? REGISTERED : LAUNCHED,
                Fields.text(pending, "status"),
                reason,
                text),
            isTrue(launched) ? ReconcileCause.OTHER : cause(reason, text),
            time(
                isTrue(launched) ? Fields.text(launched, "lastTransitionTime") : "",
                KubeObjects.created(object)),
            startsSlowly(labels)));
  }

  /** Why a launch fails, from the reason and the message of {@code Launched}. */
  static ReconcileCause cause(String reason, String message) {
    var cause = CAUSES.get(reason);
    return cause == null ? ReconcileErrorParser.parse(message) : cause;
  }

  private static boolean startsSlowly(Map<String, String> labels) {
    return labels.getOrDefault("kubernetes.io/os", "").equals("windows")
        || labels.getOrDefault("node.kubernetes.io/instance-type", "").contains(".metal");
  }

  private static Map<?, ?> condition(String type, List<Map<?, ?>> conditions) {
    return conditions.stream()
        .filter(condition -> Fields.text(condition, "type").equals(type))
        .findFirst()
        .orElse(Map.of());
  }

  private static boolean isTrue(Map<?, ?> condition) {
    return Fields.text(condition, "status").equals("True");
  }
}
