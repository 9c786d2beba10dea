package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R67: no controller handles a Gateway. Its GatewayClass does not exist, its controller does not
 * accept the class, or no controller has responded to the class or the Gateway: then both have the
 * condition {@code Accepted} of status {@code Unknown} with which the API server creates them
 * (Gateway API, GatewayClassReasonPending and GatewayReasonPending). A class without Gateways is no
 * fault.
 */
final class GatewayClassMissing implements DiagnosisRule {
  /** Controllers respond within seconds; objects that are applied together come in any order. */
  private static final Duration RESPONSE = Duration.ofMinutes(2);

  private static final String LBC = "aws-load-balancer-controller";

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(
        unhandled(evidence).entrySet().stream()
            .map(one -> ofClass(one.getKey(), one.getValue(), evidence)),
        ignored(evidence).map(gateway -> ignored(gateway, evidence)));
  }

  /** The full names of the Gateways that no controller handles. */
  static Set<String> gateways(EvidenceIndex evidence) {
    return Stream.concat(
            unhandled(evidence).values().stream().flatMap(List::stream), ignored(evidence))
        .map(Gateway::fullName)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The Gateways of each class at fault. */
  private static Map<String, List<Gateway>> unhandled(EvidenceIndex evidence) {
    if (evidence.inventory().get(Resources.GATEWAY_CLASSES).isEmpty()) {
      return Map.of();
    }
    var classes = evidence.byKey(Resources.GATEWAY_CLASSES, GatewayClass::name);
    return evidence.list(Resources.GATEWAYS).stream()
        .collect(groupingBy(Gateway::className, TreeMap::new, toList()))
        .entrySet()
        .stream()
        .filter(
            one ->
                Optional.ofNullable(classes.get(one.getKey()))
                    .map(known -> isRefused(known) || isUnanswered(known, one.getValue(), evidence))
                    .orElse(true))
        .filter(one -> one.getValue().stream().anyMatch(gateway -> isOld(gateway, evidence)))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
  }

  private static boolean isRefused(GatewayClass known) {
    return known.condition("Accepted").filter(Condition::isFalse).isPresent();
  }

  private static boolean isUnanswered(
      GatewayClass known, List<Gateway> gateways, EvidenceIndex evidence) {
    return isPending(known.condition("Accepted"))
        && known.created().plus(RESPONSE).isBefore(evidence.now())
        && gateways.stream().noneMatch(GatewayClassMissing::isHandled)
        && !(known.isAws() && isLbcDown(evidence));
  }

  private static boolean isHandled(Gateway gateway) {
    return gateway.condition("Accepted").filter(Condition::isTrue).isPresent()
        || gateway.reconcile().isPresent();
  }

  private static boolean isPending(Optional<Condition> accepted) {
    return accepted
        .filter(condition -> condition.status().equals("Unknown"))
        .filter(condition -> Set.of("Pending", "Waiting").contains(condition.reason()))
        .isPresent();
  }

  private static boolean isOld(Gateway gateway, EvidenceIndex evidence) {
    return gateway.created().plus(RESPONSE).isBefore(evidence.now());
  }

  /** Another finding is about it. */
  private static boolean isLbcDown(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .anyMatch(component -> component.name().equals(LBC) && component.ready() == 0);
  }

  /** Gateways to which no controller has responded, although their class is accepted. */
  private static Stream<Gateway> ignored(EvidenceIndex evidence) {
    var classes = evidence.byKey(Resources.GATEWAY_CLASSES, GatewayClass::name);
    var lbcDown = isLbcDown(evidence);
    return evidence.list(Resources.GATEWAYS).stream()
        .filter(
            gateway ->
                Optional.ofNullable(classes.get(gateway.className()))
                    .filter(one -> one.condition("Accepted").filter(Condition::isTrue).isPresent())
                    .filter(one -> !(one.isAws() && lbcDown))
                    .isPresent())
        .filter(gateway -> isPending(gateway.condition("Accepted")))
        .filter(gateway -> gateway.addresses().isEmpty() && gateway.reconcile().isEmpty())
        .filter(gateway -> !"true".equals(gateway.annotations().get(Gateway.DRY_RUN)))
        .filter(gateway -> isOld(gateway, evidence));
  }

  private static Finding ofClass(String name, List<Gateway> gateways, EvidenceIndex evidence) {
    var known =
        Optional.ofNullable(
            evidence.byKey(Resources.GATEWAY_CLASSES, GatewayClass::name).get(name));
    return Finding.builder(RootCause.GATEWAY_CLASS_MISSING, "gatewayclass/" + name, 90)
        .evidence(
            known
                .map(GatewayClassMissing::refusal)
                .orElse("the GatewayClass %s does not exist".formatted(name)))
        .evidence(
            "%d Gateways need it: %s"
                .formatted(
                    gateways.size(),
                    FindingText.list(gateways.stream().map(Gateway::fullName).toList())))
        .evidenceIf(
            known.isEmpty(),
            "existing GatewayClasses: "
                + FindingText.list(
                    evidence.list(Resources.GATEWAY_CLASSES).stream()
                        .map(GatewayClass::name)
                        .toList()))
        .supportedBy(evidence.inventory(), Resources.GATEWAYS, Resources.GATEWAY_CLASSES)
        .supportedIf(
            known.filter(one -> one.isAws() && !isRefused(one)).isEmpty()
                || evidence.inventory().get(Resources.COMPONENTS).isPresent())
        .fix(
            known
                .map(GatewayClassMissing::remedy)
                .orElse(
                    "set spec.gatewayClassName of the Gateways to an existing GatewayClass, or create"
                        + " the one that is missing"))
        .fix(known.isEmpty() ? "kubectl get gatewayclass" : "kubectl describe gatewayclass " + name)
        .affects(gateways.stream().map(one -> "gateway/" + one.fullName()).toList())
        .build();
  }

  private static String refusal(GatewayClass known) {
    return known
        .condition("Accepted")
        .filter(Condition::isFalse)
        .map(
            condition ->
                "the controller %s does not accept the GatewayClass, %s: \"%s\""
                    .formatted(known.controller(), condition.reason(), condition.message()))
        .orElse(
            "no controller of the name %s has responded to the GatewayClass"
                .formatted(known.controller()));
  }

  private static String remedy(GatewayClass known) {
    if (isRefused(known)) {
      return "correct spec.parametersRef of the GatewayClass, or what else the message names";
    }
    return known.isAws()
        ? "run the AWS Load Balancer Controller 2.14 or newer with its feature gates"
            + " ALBGatewayAPI and NLBGatewayAPI; it needs all CRDs of the Gateway API and of"
            + " gateway.k8s.aws when it starts"
        : "install the controller, or correct spec.controllerName of the GatewayClass";
  }

  private static Finding ignored(Gateway gateway, EvidenceIndex evidence) {
    return Finding.builder(RootCause.GATEWAY_CLASS_MISSING, "gateway/" + gateway.fullName(), 80)
        .evidence(
            "the GatewayClass %s is accepted, and no controller has responded to the Gateway"
                .formatted(gateway.className()))
        .supportedBy(
            evidence.inventory(),
            Resources.GATEWAYS,
            Resources.GATEWAY_CLASSES,
            Resources.COMPONENTS)
        .excludes("not an invalid Gateway: its controller would report a condition")
        .fix(
            "check that the controller of the class runs and watches the namespace of the Gateway",
            "kubectl -n %s describe gateway %s".formatted(gateway.namespace(), gateway.name()))
        .build();
  }
}
