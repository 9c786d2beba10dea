package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/** R50: a node class finds no subnets, and a template in its spec was never filled in. */
final class NodeClassUnrenderedTemplate implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return NodeClasses.withFalse(NodeClasses::findsNoSubnets, evidence)
        .filter(nodeClass -> !nodeClass.unrendered().isEmpty())
        .flatMap(nodeClass -> finding(nodeClass, evidence));
  }

  private static Stream<Finding> finding(NodeClass nodeClass, Evidence evidence) {
    var condition = NodeClasses.condition(NodeClasses::findsNoSubnets, nodeClass).orElseThrow();
    return FindingBuilder.of(
        RootCause.NODECLASS_UNRENDERED_TEMPLATE, "nodeclass/" + nodeClass.name(), 98)
        .seen(NodeClasses.said(condition))
        .seen("its spec says " + FindingText.list(nodeClass.unrendered()))
        .supportedBy(evidence, Resources.NODE_CLASSES)
        .excludes("not the tags of the subnets: the selector asks for the text of a variable")
        .fix(
            "fill in the template (envsubst, helm template, templatefile) and apply the result",
            "Karpenter looks again within a minute")
        .explains(RootCause.COREDNS_UNSCHEDULABLE, RootCause.POD_SLOTS_FULL)
        .stream();
  }
}
