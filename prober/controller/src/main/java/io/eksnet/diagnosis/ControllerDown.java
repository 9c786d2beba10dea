package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** R60: no pod of a controller is ready, and objects wait for it. */
final class ControllerDown implements DiagnosisRule {
  /** Until then a restart or a rollout may end, or the controller may start on its own. */
  private static final Duration START = Duration.ofMinutes(1);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var explained =
        new ComponentCredentials()
            .apply(evidence)
            .map(Finding::scope)
            .collect(Collectors.toUnmodifiableSet());
    return evidence.list(Resources.COMPONENTS).stream()
        .filter(component -> component.ready() == 0)
        .filter(component -> !explained.contains(scope(component)))
        .flatMap(component -> finding(component, waiting(component, evidence), evidence));
  }

  private static String scope(Component component) {
    return "component/" + component.name();
  }

  private static Stream<Finding> finding(
      Component component, List<String> waiting, EvidenceIndex evidence) {
    if (waiting.isEmpty()) {
      return Stream.empty();
    }
    var deployment =
        "kubectl -n %s %%s deployment %s".formatted(component.namespace(), component.name());
    var found =
        Finding.builder(RootCause.CONTROLLER_DOWN, scope(component), 85)
            .evidence(
                component.desired() == 0
                    ? "%s is scaled to 0 replicas".formatted(component.name())
                    : "0 of %d pods of %s are ready"
                        .formatted(component.desired(), component.name()))
            .evidenceIf(
                component.crashLoop(),
                "it is in CrashLoopBackOff: \"%s\"".formatted(component.message()))
            .evidence("waiting for it: " + FindingText.list(waiting))
            .supportedBy(evidence.inventory(), Resources.COMPONENTS)
            .holdFor(START);
    if (component.desired() == 0) {
      found.fix(deployment.formatted("scale") + " --replicas=2");
    } else {
      found.fix(
          deployment.formatted("describe") + ": read the conditions and the events of its pods",
          "kubectl -n %s logs deployment/%s --previous --tail=50"
              .formatted(component.namespace(), component.name()));
    }
    return Stream.of(found.build());
  }

  private static List<String> waiting(Component component, EvidenceIndex evidence) {
    return switch (component.name()) {
      case "aws-load-balancer-controller" ->
          Stream.of(
                  ingresses(evidence).stream(),
                  gateways(evidence),
                  ReadinessGateStuck.stuck(evidence)
                      .map(gate -> "pod %s/%s".formatted(gate.namespace(), gate.pod())))
              .flatMap(waiting -> waiting)
              .toList();
      case "karpenter" ->
          evidence.list(Resources.PENDING_PODS).stream()
              .filter(pod -> !pod.waitsForAddress())
              .filter(pod -> pod.since().plus(START).isBefore(evidence.now()))
              .map(ControllerDown::name)
              .toList();
      case "external-dns" ->
          evidence.list(Resources.INGRESS_HOSTS).stream()
              .filter(host -> !host.matches())
              .map(IngressHost::host)
              .toList();
      default -> List.of();
    };
  }

  /** Ingresses without an address, of classes that the controller handles. */
  private static List<String> ingresses(EvidenceIndex evidence) {
    var classes =
        evidence.list(Resources.INGRESS_CLASSES).stream()
            .filter(IngressClass::isAlb)
            .map(IngressClass::name)
            .collect(Collectors.toUnmodifiableSet());
    return evidence.list(Resources.INGRESSES).stream()
        .filter(ingress -> ingress.addresses().isEmpty())
        .filter(ingress -> classes.contains(ingress.className()))
        .filter(ingress -> ingress.created().plus(START).isBefore(evidence.now()))
        .map(ControllerDown::name)
        .toList();
  }

  /** Gateways without an address, of classes that the controller handles. */
  private static Stream<String> gateways(EvidenceIndex evidence) {
    var classes =
        evidence.list(Resources.GATEWAY_CLASSES).stream()
            .filter(GatewayClass::isAws)
            .map(GatewayClass::name)
            .collect(Collectors.toUnmodifiableSet());
    return evidence.list(Resources.GATEWAYS).stream()
        .filter(gateway -> gateway.addresses().isEmpty())
        .filter(gateway -> classes.contains(gateway.className()))
        .filter(gateway -> gateway.created().plus(START).isBefore(evidence.now()))
        .map(gateway -> "Gateway " + gateway.fullName());
  }

  private static String name(KubeIngress ingress) {
    return "Ingress %s/%s".formatted(ingress.namespace(), ingress.name());
  }

  private static String name(PendingPod pod) {
    return "pod %s/%s".formatted(pod.namespace(), pod.name());
  }
}
