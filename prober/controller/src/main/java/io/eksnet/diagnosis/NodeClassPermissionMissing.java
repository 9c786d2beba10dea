package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/** R52: Karpenter tried what it must do for a node class, and AWS refused it. */
final class NodeClassPermissionMissing implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return NodeClasses.withFalse(NodeClasses::lacksPermission, evidence)
        .flatMap(nodeClass -> finding(nodeClass, evidence));
  }

  private static Stream<Finding> finding(NodeClass nodeClass, Evidence evidence) {
    var condition = NodeClasses.condition(NodeClasses::lacksPermission, nodeClass).orElseThrow();
    return FindingBuilder.of(
        RootCause.NODECLASS_PERMISSION_MISSING, "nodeclass/" + nodeClass.name(), 95)
        .seen(NodeClasses.said(condition))
        .supportedBy(evidence, Resources.NODE_CLASSES)
        .fix("give the role of Karpenter the action that the reason names")
        .explains(RootCause.COREDNS_UNSCHEDULABLE, RootCause.POD_SLOTS_FULL)
        .stream();
  }
}
