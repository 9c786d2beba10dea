package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.GatewayRoute.Parent;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R69: a route is not attached to a Gateway that it names, or a backend of it cannot be resolved,
 * as the controller of the Gateway reports (Gateway API, apis/v1/shared_types.go,
 * RouteParentStatus). What other controllers once reported about the route does not count. One
 * finding for each Gateway and reason.
 */
final class RouteNotAttached implements DiagnosisRule {
  /** Objects that are applied together come in any order. */
  private static final Duration APPLY = Duration.ofMinutes(2);

  private static final String NO_GATEWAY = "NoSuchGateway";

  private static final String PARENT =
      "correct the parentRef of the route: name, namespace, sectionName and port";

  private static final Map<String, String> REMEDIES =
      Map.of(
          NO_GATEWAY,
          PARENT,
          "ParentRefDoesNotExist",
          PARENT,
          "NoMatchingParent",
          PARENT,
          "NotAllowedByListeners",
          "allow the namespace and the kind of the route in allowedRoutes of the listener: by"
              + " default only the namespace of the Gateway is allowed",
          "NoMatchingListenerHostname",
          "make a host name of the route match the host name of the listener",
          "BackendNotFound",
          "create the Service that the route names, or correct backendRefs",
          "RefNotPermitted",
          "create a ReferenceGrant in the namespace of the backend",
          "InvalidKind",
          "use a kind of backend that the controller supports, such as a Service",
          "IncompatibleFilters",
          "remove one of the filters that exclude each other",
          "UnsupportedProtocol",
          "correct appProtocol of the port of the Service");

  /** A condition of a route at one of its parents. */
  private record Failure(GatewayRoute route, Parent parent, Condition condition) {
    /** Routes have their backends of their own, and the listeners of a Gateway in common. */
    private String fault() {
      return String.join(
          "\n",
          parent.fullName(),
          condition.reason(),
          condition.type().equals("ResolvedRefs") ? condition.message() : "");
    }

    private String text() {
      return condition.reason().equals(NO_GATEWAY)
          ? "the Gateway %s does not exist".formatted(parent.fullName())
          : "%s is False at the Gateway %s%s, %s: \"%s\""
              .formatted(
                  condition.type(),
                  parent.fullName(),
                  parent.section().isEmpty() ? "" : ", listener " + parent.section(),
                  condition.reason(),
                  condition.message());
    }
  }

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var gateways = evidence.byKey(Resources.GATEWAYS, Gateway::fullName);
    var unhandled = GatewayClassMissing.gateways(evidence);
    var refused = GatewayNotProgrammed.gateways(evidence);
    return failures(evidence)
        .filter(failure -> !unhandled.contains(failure.parent().fullName()))
        .filter(
            failure ->
                failure.condition().type().equals("ResolvedRefs")
                    || !refused.contains(failure.parent().fullName()))
        .collect(groupingBy(Failure::fault, TreeMap::new, toList()))
        .values()
        .stream()
        .map(
            failures ->
                finding(
                    failures,
                    Optional.ofNullable(gateways.get(failures.get(0).parent().fullName())),
                    evidence));
  }

  /** Whether a backend of a route of a Gateway cannot be resolved. */
  static boolean hasUnresolvedReferences(Gateway gateway, EvidenceIndex evidence) {
    return failures(evidence)
        .filter(failure -> failure.condition().type().equals("ResolvedRefs"))
        .anyMatch(failure -> failure.parent().fullName().equals(gateway.fullName()));
  }

  private static Stream<Failure> failures(EvidenceIndex evidence) {
    if (evidence.inventory().get(Resources.GATEWAYS).isEmpty()) {
      return Stream.empty();
    }
    var gateways = evidence.byKey(Resources.GATEWAYS, Gateway::fullName);
    var classes = evidence.byKey(Resources.GATEWAY_CLASSES, GatewayClass::name);
    return evidence.list(Resources.GATEWAY_ROUTES).stream()
        .filter(route -> route.created().plus(APPLY).isBefore(evidence.now()))
        .flatMap(
            route ->
                route.parents().stream()
                    .flatMap(
                        parent ->
                            Optional.ofNullable(gateways.get(parent.fullName()))
                                .map(
                                    gateway ->
                                        conditions(
                                            parent,
                                            Optional.ofNullable(classes.get(gateway.className()))))
                                .orElseGet(() -> missing(route, parent))
                                .map(condition -> new Failure(route, parent, condition))));
  }

  private static Stream<Condition> conditions(Parent parent, Optional<GatewayClass> ofClass) {
    Predicate<GatewayRoute.Status> counts =
        status -> ofClass.filter(one -> !one.controller().equals(status.controller())).isEmpty();
    return parent.statuses().stream()
        .filter(counts)
        .flatMap(status -> status.conditions().stream())
        .filter(Condition::isFalse)
        .filter(
            condition ->
                condition.type().equals("Accepted") || condition.type().equals("ResolvedRefs"))
        .filter(condition -> !condition.reason().equals("Pending"));
  }

  /** A route that another Gateway accepts may name one of another cluster. */
  private static Stream<Condition> missing(GatewayRoute route, Parent parent) {
    var isAccepted =
        route.parents().stream()
            .flatMap(one -> one.statuses().stream())
            .flatMap(status -> status.conditions().stream())
            .anyMatch(condition -> condition.type().equals("Accepted") && condition.isTrue());
    return isAccepted
        ? Stream.empty()
        : Stream.of(
            new Condition("Accepted", "False", NO_GATEWAY, parent.fullName() + " does not exist"));
  }

  private static Finding finding(
      List<Failure> failures, Optional<Gateway> gateway, EvidenceIndex evidence) {
    var about = failures.get(0);
    var others =
        failures.stream()
            .map(failure -> failure.route().object())
            .filter(object -> !object.equals(about.route().object()))
            .distinct()
            .toList();
    var route = about.route();
    return Finding.builder(RootCause.ROUTE_NOT_ATTACHED, route.object(), 90)
        .evidence(about.text())
        .evidenceIf(
            gateway.isPresent() && about.condition().type().equals("Accepted"),
            "listeners of the Gateway: " + gateway.map(RouteNotAttached::listeners).orElse(""))
        .evidenceIf(
            !others.isEmpty(),
            "%d other routes for the same reason: %s"
                .formatted(others.size(), FindingText.list(others)))
        .supportedBy(
            evidence.inventory(),
            Resources.GATEWAY_ROUTES,
            Resources.GATEWAYS,
            Resources.GATEWAY_CLASSES)
        .fix(
            Objects.requireNonNullElse(
                REMEDIES.get(about.condition().reason()),
                "correct what the message of the controller names"),
            "kubectl -n %s describe %s %s"
                .formatted(
                    route.namespace(),
                    route.object().substring(0, route.object().indexOf('/')),
                    route.name()))
        .affects(others)
        .build();
  }

  private static String listeners(Gateway gateway) {
    return gateway.listeners().stream()
        .map(RouteNotAttached::listener)
        .collect(Collectors.joining(", "));
  }

  private static String listener(GatewayListener listener) {
    return "%s (%s %d%s)"
        .formatted(
            listener.name(),
            listener.protocol(),
            listener.port(),
            listener.hostname().isEmpty() ? "" : " " + listener.hostname());
  }
}
