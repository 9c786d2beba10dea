package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * R36: an Ingress has no address, no controller ever spoke of it, and its class is missing or
 * nobody's.
 */
final class IngressClassMissing implements Rule {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var classes = evidence.inventory().get(Resources.INGRESS_CLASSES);
    if (classes.isEmpty()) {
      return Stream.empty();
    }
    return evidence.inventory().list(Resources.INGRESSES).stream()
        .filter(ingress -> ingress.addresses().isEmpty() && ingress.reconcile().isEmpty())
        .filter(ingress -> ingress.created().plus(PATIENCE).isBefore(evidence.now()))
        .filter(ingress -> isNobodys(ingress, classes.get()))
        .flatMap(ingress -> finding(ingress, classes.get(), evidence));
  }

  private static boolean isNobodys(KubeIngress ingress, List<IngressClass> classes) {
    return ingress.className().isEmpty()
        ? classes.stream().noneMatch(IngressClass::isDefault)
        : classes.stream().noneMatch(known -> known.name().equals(ingress.className()));
  }

  private static Stream<Finding> finding(
      KubeIngress ingress, List<IngressClass> classes, Evidence evidence) {
    return FindingBuilder.of(
        RootCause.INGRESS_CLASS_MISSING,
        "ingress/" + ingress.namespace() + "/" + ingress.name(),
        90)
        .seen("it has no address, and no controller wrote an event about it")
        .seen(
            ingress.className().isEmpty()
                ? "it names no class, and no class is the default"
                : "its class %s does not exist".formatted(ingress.className()))
        .seen("classes: " + FindingText.list(classes.stream().map(IngressClass::name).toList()))
        .supportedBy(evidence, Resources.INGRESSES, Resources.INGRESS_CLASSES)
        .fix("set spec.ingressClassName to a class of the load balancer controller, such as alb")
        .explains(RootCause.INGRESS_DNS_MISMATCH)
        .stream();
  }
}
