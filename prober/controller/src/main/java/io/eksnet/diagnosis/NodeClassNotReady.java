package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.NodeClaim;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** R50, R51, R52: a Karpenter node class is not ready. */
final class NodeClassNotReady implements DiagnosisRule {
  /** What a selector of Karpenter finds nothing by, by the reason of the condition. */
  private static final Map<String, Selector> SELECTORS =
      Map.of(
          "SubnetsNotFound", new Selector("subnets", "spec.subnetSelectorTerms"),
          "SecurityGroupsNotFound",
              new Selector("security groups", "spec.securityGroupSelectorTerms"),
          "AMINotFound", new Selector("AMIs", "spec.amiSelectorTerms"));

  private record Selector(String objects, String field) {}

  /** Security groups and subnets that the selectors find are in different VPCs. */
  private static final String VPC_MISMATCH = "SecurityGroupSubnetVPCMismatch";

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var classes =
        evidence.list(Resources.NODE_CLASSES).stream()
            .flatMap(
                nodeClass ->
                    Stream.of(notFound(nodeClass), permissionMissing(nodeClass))
                        .flatMap(Optional::stream))
            .map(it -> it.supportedBy(evidence.inventory(), Resources.NODE_CLASSES).build());
    var launches =
        evidence.list(Resources.NODE_CLAIMS).stream()
            .filter(claim -> !claim.isLaunched() && !claim.nodeClass().isEmpty())
            .flatMap(claim -> launchRefused(claim).stream())
            .map(it -> it.supportedBy(evidence.inventory(), Resources.NODE_CLAIMS).build());
    return Stream.concat(classes, launches);
  }

  /** What EC2 refuses because of the node class shows at the launch of an instance. */
  private static Optional<Finding.Builder> launchRefused(NodeClaim claim) {
    if (claim.pending().reason().equals(VPC_MISMATCH)) {
      return Optional.of(
          finding(RootCause.NODECLASS_SELECTOR_MISMATCH, 90, claim.nodeClass(), claim.pending())
              .evidence("reported for the NodeClaim " + claim.name())
              .fix(
                  "let spec.subnetSelectorTerms and spec.securityGroupSelectorTerms select objects"
                      + " of the VPC of the cluster only",
                  "Karpenter launches the next instance within minutes"));
    }
    return claim.cause() == ReconcileCause.IAM
        ? Optional.of(
            finding(RootCause.NODECLASS_PERMISSION_MISSING, 90, claim.nodeClass(), claim.pending())
                .evidence("reported for the NodeClaim " + claim.name())
                .fix(
                    "read the denied action in the log of Karpenter, and allow it for its IAM role,"
                        + " or for the service-linked role that the message names"))
        : Optional.empty();
  }

  /**
   * A template is the cause of whatever its text is needed for: selectors, the role or the instance
   * profile.
   */
  private static Optional<Finding.Builder> notFound(NodeClass nodeClass) {
    return nodeClass.conditions().stream()
        .filter(NodeClassNotReady::isFalse)
        .filter(
            condition ->
                SELECTORS.containsKey(condition.reason())
                    || (condition.type().equals("InstanceProfileReady")
                        && !nodeClass.unrendered().isEmpty()))
        .findFirst()
        .map(
            condition ->
                nodeClass.unrendered().isEmpty()
                    ? selectorMismatch(nodeClass, condition)
                    : unrenderedTemplate(nodeClass, condition));
  }

  private static Finding.Builder unrenderedTemplate(NodeClass nodeClass, Condition condition) {
    return finding(RootCause.NODECLASS_UNRENDERED_TEMPLATE, 98, nodeClass.name(), condition)
        .evidence("its spec contains " + FindingText.list(nodeClass.unrendered()))
        .excludes("not the tags: the spec contains a template variable")
        .fix(
            "render the template (envsubst, helm template, templatefile) and apply the result",
            "Karpenter checks again within a minute");
  }

  private static Finding.Builder selectorMismatch(NodeClass nodeClass, Condition condition) {
    var selector = Objects.requireNonNull(SELECTORS.get(condition.reason()));
    return finding(RootCause.NODECLASS_SELECTOR_MISMATCH, 90, nodeClass.name(), condition)
        .excludes("not a template: its spec contains no variables")
        .fix(
            "tag the %s as %s requires, or correct the selector"
                .formatted(selector.objects(), selector.field()),
            "Karpenter checks again within minutes");
  }

  private static Optional<Finding.Builder> permissionMissing(NodeClass nodeClass) {
    return nodeClass.conditions().stream()
        .filter(condition -> isFalse(condition) && condition.reason().endsWith("AuthCheckFailed"))
        .findFirst()
        .map(
            condition ->
                finding(RootCause.NODECLASS_PERMISSION_MISSING, 95, nodeClass.name(), condition)
                    .fix("allow the action that the reason names for the Karpenter IAM role"));
  }

  private static boolean isFalse(Condition condition) {
    return condition.status().equals("False");
  }

  private static Finding.Builder finding(
      RootCause cause, int percent, String nodeClass, Condition condition) {
    return Finding.builder(cause, "nodeclass/" + nodeClass, percent)
        .evidence(
            "%s=%s, %s: \"%s\""
                .formatted(
                    condition.type(), condition.status(), condition.reason(), condition.message()));
  }
}
