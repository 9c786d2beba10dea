package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A route of the Gateway API: how requests to Gateways reach Services.
 *
 * @param kind {@code HTTPRoute}, {@code GRPCRoute}, {@code TCPRoute} or {@code TLSRoute}
 * @param hostnames host names, or names that start with {@code *.}; none: those of the listeners
 * @param parents the Gateways that it names; Services as parents, which service meshes use, are
 *     left out
 * @param rules one for each match of each rule
 * @param annotations those of eksnet only
 */
public record GatewayRoute(
    String kind,
    String namespace,
    String name,
    List<String> hostnames,
    List<Parent> parents,
    List<Rule> rules,
    Map<String, String> annotations,
    Instant created) {
  public GatewayRoute {
    hostnames = List.copyOf(hostnames);
    parents = List.copyOf(parents);
    rules = List.copyOf(rules);
    annotations = Map.copyOf(annotations);
  }

  /** As {@code httproute/shop/web}. */
  public String object() {
    return kind.toLowerCase(Locale.ROOT) + "/" + namespace + "/" + name;
  }

  /**
   * The listeners of a Gateway to which the route is attached, as far as no controller refuses it.
   */
  public Stream<GatewayListener> attachments(Gateway gateway) {
    return parents.stream()
        .filter(parent -> parent.fullName().equals(gateway.fullName()))
        .filter(parent -> !parent.isRefused())
        .flatMap(parent -> gateway.listeners().stream().filter(parent::names))
        .filter(listener -> protocols().contains(listener.protocol()))
        .distinct();
  }

  /** Of listeners that accept this kind of route (Gateway API, ListenerStatus.supportedKinds). */
  private Set<String> protocols() {
    return switch (kind) {
      case "TLSRoute" -> Set.of("TLS");
      case "TCPRoute" -> Set.of("TCP", "TLS");
      default -> Set.of("HTTP", "HTTPS");
    };
  }

  /**
   * A Gateway that a route names.
   *
   * @param section the listener's name; empty: all listeners that admit the route
   * @param port of the listeners; 0: any
   * @param statuses what controllers report about the route at this parent, for its current spec
   */
  public record Parent(
      String namespace, String gateway, String section, int port, List<Status> statuses) {
    public Parent {
      statuses = List.copyOf(statuses);
    }

    /** As {@code namespace/name}. */
    public String fullName() {
      return namespace + "/" + gateway;
    }

    /** Whether a controller does not accept the route at this parent. */
    public boolean isRefused() {
      return statuses.stream()
          .flatMap(status -> status.conditions().stream())
          .anyMatch(condition -> condition.type().equals("Accepted") && condition.isFalse());
    }

    /** Whether it names a listener of its Gateway. */
    public boolean names(GatewayListener listener) {
      return (section.isEmpty() || section.equals(listener.name()))
          && (port == 0 || port == listener.port());
    }
  }

  /** What a controller reports about a route. */
  public record Status(String controller, List<Condition> conditions) {
    public Status {
      conditions = List.copyOf(conditions);
    }
  }

  /** How a rule matches the path of a request. */
  public enum PathMatch implements Labelled {
    EXACT,
    PREFIX,
    /** A regular expression, or a type that this version does not have. */
    PATTERN
  }

  /**
   * One match of a rule.
   *
   * @param plain whether a GET without particular headers and query parameters matches
   * @param redirects whether the load balancer itself redirects the request
   * @param backends none: the load balancer itself responds
   */
  public record Rule(
      PathMatch match, String path, boolean plain, boolean redirects, List<Backend> backends) {
    public Rule {
      backends = List.copyOf(backends);
    }
  }

  /**
   * Where a rule sends requests.
   *
   * @param service empty: something else than a Service
   */
  public record Backend(String namespace, String service, int port) {}
}
