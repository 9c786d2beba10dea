package io.eksnet.inventory.kube;

import io.eksnet.inventory.kube.CustomResources.Fields;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.GatewayRoute.Backend;
import io.eksnet.model.inventory.GatewayRoute.Parent;
import io.eksnet.model.inventory.GatewayRoute.PathMatch;
import io.eksnet.model.inventory.GatewayRoute.Rule;
import io.eksnet.model.inventory.GatewayRoute.Status;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What is kept of the routes of the Gateway API. */
final class GatewayRouteObjects {
  private static final int MAX_RULES = 200;

  private GatewayRouteObjects() {}

  static Function<GenericKubernetesResource, Optional<GatewayRoute>> of(String kind) {
    return object -> Optional.of(route(kind, object));
  }

  private static GatewayRoute route(String kind, GenericKubernetesResource object) {
    var fields = new Fields(object);
    var namespace = KubeObjects.namespace(object);
    var statuses = fields.objects("status", "parents");
    var generation = GatewayObjects.generation(object);
    return new GatewayRoute(
        kind,
        namespace,
        KubeObjects.name(object),
        fields.texts("spec", "hostnames"),
        fields.objects("spec", "parentRefs").stream()
            .filter(GatewayRouteObjects::isGateway)
            .map(parent -> parent(parent, statuses, namespace, generation))
            .toList(),
        fields.objects("spec", "rules").stream()
            .flatMap(rule -> rules(kind, rule, namespace))
            .limit(MAX_RULES)
            .toList(),
        KubeObjects.keptAnnotations(object),
        KubeObjects.created(object));
  }

  /** Group and kind have defaults (Gateway API, ParentReference). */
  private static boolean isGateway(Map<?, ?> parent) {
    var kind = Fields.text(parent, "kind");
    var group = Fields.text(parent, "group");
    return (kind.isEmpty() || kind.equals("Gateway"))
        && (group.isEmpty() || group.equals("gateway.networking.k8s.io"));
  }

  private static Parent parent(
      Map<?, ?> reference, List<Map<?, ?>> statuses, String namespace, long generation) {
    var parent = parent(reference, namespace, List.of());
    return parent(
        reference,
        namespace,
        statuses.stream()
            .filter(
                status ->
                    status.get("parentRef") instanceof Map<?, ?> other
                        && isGateway(other)
                        && parent(other, namespace, List.of()).equals(parent))
            .map(
                status ->
                    new Status(
                        Fields.text(status, "controllerName"),
                        GatewayObjects.conditions(
                            Fields.objects(status, "conditions"), generation)))
            .toList());
  }

  private static Parent parent(Map<?, ?> reference, String namespace, List<Status> statuses) {
    var other = Fields.text(reference, "namespace");
    return new Parent(
        other.isEmpty() ? namespace : other,
        Fields.text(reference, "name"),
        Fields.text(reference, "sectionName"),
        Fields.number(reference, "port"),
        statuses);
  }

  private static Stream<Rule> rules(String kind, Map<?, ?> rule, String namespace) {
    var backends =
        Fields.objects(rule, "backendRefs").stream()
            .filter(backend -> !Integer.valueOf(0).equals(backend.get("weight")))
            .map(backend -> backend(backend, namespace))
            .toList();
    var redirects =
        Fields.objects(rule, "filters").stream()
            .anyMatch(filter -> Fields.text(filter, "type").equals("RequestRedirect"));
    var matches = Fields.objects(rule, "matches");
    return kind.equals("HTTPRoute")
        ? (matches.isEmpty() ? Stream.<Map<?, ?>>of(Map.of()) : matches.stream())
            .map(match -> rule(match, redirects, backends))
        : Stream.of(new Rule(PathMatch.PATTERN, "", false, redirects, backends));
  }

  /** Without a path a match has the path prefix {@code /} (Gateway API, HTTPRouteMatch). */
  private static Rule rule(Map<?, ?> match, boolean redirects, List<Backend> backends) {
    var path = match.get("path") instanceof Map<?, ?> given ? given : Map.of();
    var value = Fields.text(path, "value");
    var method = Fields.text(match, "method");
    return new Rule(
        switch (Fields.text(path, "type")) {
          case "", "PathPrefix" -> PathMatch.PREFIX;
          case "Exact" -> PathMatch.EXACT;
          default -> PathMatch.PATTERN;
        },
        value.isEmpty() ? "/" : value,
        Fields.objects(match, "headers").isEmpty()
            && Fields.objects(match, "queryParams").isEmpty()
            && (method.isEmpty() || method.equals("GET")),
        redirects,
        backends);
  }

  private static Backend backend(Map<?, ?> reference, String namespace) {
    var kind = Fields.text(reference, "kind");
    var other = Fields.text(reference, "namespace");
    return new Backend(
        other.isEmpty() ? namespace : other,
        kind.isEmpty() || kind.equals("Service") ? Fields.text(reference, "name") : "",
        Fields.number(reference, "port"));
  }
}
