package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R68: the controller of a Gateway, whichever it is, refuses the Gateway or one of its listeners.
 * Conditions are those of the Gateway API (apis/v1/gateway_types.go). A controller that fails to
 * build the load balancer of a valid Gateway is {@link GatewayNotReconciled}.
 */
final class GatewayNotProgrammed implements DiagnosisRule {
  /** Objects that are applied together come in any order. */
  private static final Duration APPLY = Duration.ofMinutes(2);

  /** As long as a load balancer may take, see {@link LbProvisioning}. */
  private static final Duration PROVISIONING = Duration.ofMinutes(10);

  private static final String PENDING = "Pending";
  private static final String NOT_VALID = "ListenersNotValid";
  private static final String NO_ADDRESS = "AddressNotAssigned";

  private static final Map<String, String> REMEDIES =
      Map.of(
          "PortUnavailable",
          "give the listener a port that the controller can open",
          "InvalidCertificateRef",
          "create the Secret of type kubernetes.io/tls that certificateRefs names",
          "RefNotPermitted",
          "create a ReferenceGrant in the namespace of the object that the listener refers to",
          "InvalidRouteKinds",
          "list only kinds of routes in allowedRoutes.kinds that the protocol of the listener"
              + " supports",
          "HostnameConflict",
          "give listeners of one port different host names",
          "ProtocolConflict",
          "give listeners of one port the same protocol",
          "InvalidParameters",
          "correct the object that infrastructure.parametersRef names",
          NO_ADDRESS,
          "check the Service of type LoadBalancer that the controller creates for the Gateway",
          "AddressNotUsable",
          "correct spec.addresses of the Gateway",
          "UnsupportedAddress",
          "correct spec.addresses of the Gateway");

  /** A condition that is not as it should be. */
  private record Problem(String subject, Condition condition) {
    private String text() {
      return "%s: %s is %s, %s: \"%s\""
          .formatted(
              subject,
              condition.type(),
              condition.status(),
              condition.reason(),
              condition.message());
    }
  }

  /** A Gateway and its problems, the most specific first. */
  private record Failure(Gateway gateway, List<Problem> problems, boolean isAws) {
    private Condition first() {
      return problems.get(0).condition();
    }

    private String fault() {
      var first = first();
      return String.join("\n", gateway.className(), first.type(), first.reason(), first.message());
    }

    private String scope() {
      return "gateway/" + gateway.fullName();
    }
  }

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return failures(evidence).stream()
        .collect(groupingBy(Failure::fault, TreeMap::new, toList()))
        .values()
        .stream()
        .map(failures -> finding(failures, evidence));
  }

  /** The full names of the Gateways at fault. */
  static Set<String> gateways(EvidenceIndex evidence) {
    return failures(evidence).stream()
        .map(failure -> failure.gateway().fullName())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<Failure> failures(EvidenceIndex evidence) {
    var classes = evidence.byKey(Resources.GATEWAY_CLASSES, GatewayClass::name);
    var unhandled = GatewayClassMissing.gateways(evidence);
    return evidence.list(Resources.GATEWAYS).stream()
        .filter(gateway -> gateway.created().plus(APPLY).isBefore(evidence.now()))
        .filter(gateway -> !unhandled.contains(gateway.fullName()))
        .filter(gateway -> GatewayNotReconciled.failure(gateway).isEmpty())
        .map(gateway -> failure(gateway, Optional.ofNullable(classes.get(gateway.className()))))
        .filter(failure -> !failure.problems().isEmpty())
        .filter(failure -> !isFaultOfRoute(failure, evidence))
        .toList();
  }

  private static Failure failure(Gateway gateway, Optional<GatewayClass> ofClass) {
    var isAws = ofClass.filter(GatewayClass::isAws).isPresent();
    var problems = new ArrayList<Problem>();
    gateway
        .reconcile()
        .filter(Reconcile::failing)
        .filter(last -> last.cause() == ReconcileCause.ANNOTATION)
        .ifPresent(
            last ->
                problems.add(
                    new Problem(
                        "event",
                        new Condition("Accepted", "False", last.reason(), last.message()))));
    gateway.listeners().forEach(listener -> problems.addAll(problems(listener)));
    Stream.of("Accepted", "Programmed")
        .flatMap(type -> gateway.condition(type).stream())
        .filter(Condition::isFalse)
        .filter(condition -> !isAws || !condition.reason().equals(PENDING))
        .forEach(condition -> problems.add(new Problem("Gateway", condition)));
    return new Failure(gateway, problems, isAws);
  }

  /** A listener is not programmed for the reason that it or its Gateway is not accepted. */
  private static List<Problem> problems(GatewayListener listener) {
    return listener.conditions().stream()
        .filter(
            condition ->
                switch (condition.type()) {
                  case "Accepted", "ResolvedRefs" ->
                      condition.isFalse() && !condition.reason().equals(PENDING);
                  case "Conflicted" -> condition.isTrue();
                  default -> false;
                })
        .map(condition -> new Problem("listener " + listener.name(), condition))
        .toList();
  }

  /**
   * Some controllers get the address of a Gateway from a Service of their own, which is not known:
   * any that fails may be the one.
   */
  private static boolean mayBeFaultOfService(Failure failure, EvidenceIndex evidence) {
    return failure.first().reason().equals(NO_ADDRESS)
        && evidence.list(Resources.SERVICES).stream()
            .filter(service -> service.type().equals("LoadBalancer"))
            .filter(service -> service.addresses().isEmpty())
            .anyMatch(service -> service.reconcile().filter(Reconcile::failing).isPresent());
  }

  /** The AWS Load Balancer Controller rejects a Gateway for the backend of one of its routes. */
  private static boolean isFaultOfRoute(Failure failure, EvidenceIndex evidence) {
    return failure.first().reason().equals(NOT_VALID)
        && failure.problems().get(0).subject().equals("Gateway")
        && RouteNotAttached.hasUnresolvedReferences(failure.gateway(), evidence);
  }

  private static Finding finding(List<Failure> failures, EvidenceIndex evidence) {
    var about = failures.get(0);
    var gateway = about.gateway();
    var others = failures.stream().skip(1).map(Failure::scope).toList();
    var finding =
        Finding.builder(RootCause.GATEWAY_NOT_PROGRAMMED, about.scope(), 90)
            .supportedBy(evidence.inventory(), Resources.GATEWAYS, Resources.GATEWAY_CLASSES)
            .supportedIf(
                !about.first().reason().equals(NOT_VALID)
                    || !evidence.inventory().isUnknown(Resources.GATEWAY_ROUTES))
            .supportedIf(
                !about.first().reason().equals(NO_ADDRESS)
                    || evidence.inventory().get(Resources.SERVICES).isPresent())
            .supportedIf(!mayBeFaultOfService(about, evidence))
            .evidenceIf(
                !others.isEmpty(),
                "%d other Gateways are refused for the same reason: %s"
                    .formatted(others.size(), FindingText.list(others)))
            .fix(
                remedy(about),
                "kubectl -n %s describe gateway %s".formatted(gateway.namespace(), gateway.name()))
            .affects(others)
            .holdFor(about.first().reason().equals(PENDING) ? PROVISIONING : Duration.ZERO);
    about.problems().stream().map(Problem::text).distinct().forEach(finding::evidence);
    return finding.build();
  }

  private static String remedy(Failure failure) {
    var reason = failure.first().reason();
    if (reason.equals("UnsupportedProtocol") && failure.isAws()) {
      return "use HTTP and HTTPS with the controller gateway.k8s.aws/alb, and TCP, UDP and TLS with"
          + " gateway.k8s.aws/nlb";
    }
    return Objects.requireNonNullElse(
        REMEDIES.get(reason), "correct what the message of the controller names");
  }
}
