package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/** R51: a node class finds no subnets, and its selector is a proper one. */
final class NodeClassSelectorMismatch implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return NodeClasses.withFalse(NodeClasses::findsNoSubnets, evidence)
        .filter(nodeClass -> nodeClass.unrendered().isEmpty())
        .flatMap(nodeClass -> finding(nodeClass, evidence));
  }

  private static Stream<Finding> finding(NodeClass nodeClass, Evidence evidence) {
    var condition = NodeClasses.condition(NodeClasses::findsNoSubnets, nodeClass).orElseThrow();
    return FindingBuilder.of(
        RootCause.NODECLASS_SELECTOR_MISMATCH, "nodeclass/" + nodeClass.name(), 90)
        .seen(NodeClasses.said(condition))
        .supportedBy(evidence, Resources.NODE_CLASSES)
        .excludes("not a template: nothing in its spec is left to fill in")
        .fix(
            "tag the subnets as spec.subnetSelectorTerms asks, or correct the selector",
            "Karpenter looks again within a minute")
        .explains(RootCause.COREDNS_UNSCHEDULABLE, RootCause.POD_SLOTS_FULL)
        .stream();
  }
}
