package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.NodeClass;
import io.eksnet.core.inventory.Parts;
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
    return Draft.of(RootCause.NODECLASS_PERMISSION_MISSING, "nodeclass/" + nodeClass.name(), 95)
        .seen(NodeClasses.said(condition))
        .supportedBy(evidence, Parts.NODE_CLASSES)
        .fix("give the role of Karpenter the action that the reason names")
        .explains(RootCause.COREDNS_UNSCHEDULABLE, RootCause.POD_SLOTS_FULL)
        .stream();
  }
}
