package io.eksnet.plan;

import static java.util.Comparator.comparing;

import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.GatewayRoute.PathMatch;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.plan.LbRoutes.Backend;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hosts and paths of one Ingress, or of one HTTPRoute of Gateways, on a load balancer.
 *
 * @param object such as {@code ingress/shop/web}
 * @param annotations of the object
 * @param hasPatterns whether it has regular expressions too, which may admit any request
 */
record HttpRules(
    String object, Map<String, String> annotations, List<Rule> rules, boolean hasPatterns) {
  private static final Comparator<Rule> SHORTEST =
      Comparator.<Rule>comparingInt(rule -> rule.path().length()).thenComparing(Rule::path);

  /** An exact path takes precedence over a prefix (Ingress, and Gateway API HTTPRouteRule). */
  private static final Comparator<Rule> PRECEDENCE = comparing(Rule::exact).thenComparing(SHORTEST);

  /**
   * A rule that a GET without particular headers can match.
   *
   * @param host empty: every host
   * @param path a path that the rule admits, as far as it is not a pattern
   * @param exact whether it admits no longer paths
   * @param isDefault whether it admits what no other rule does
   * @param redirects whether the load balancer itself redirects the request
   * @param ports at which the load balancer has the rule
   * @param backends none, or one that is no Service: the load balancer itself responds
   */
  record Rule(
      String host,
      String path,
      boolean exact,
      boolean isDefault,
      boolean redirects,
      Set<Integer> ports,
      List<Backend> backends) {
    /** Whether the rule matches a request. */
    boolean admits(String requestedHost, String requestedPath) {
      return covers(host, requestedHost) && admitsPath(requestedPath);
    }

    private boolean admitsPath(String requested) {
      return requested.equals(path)
          || (!exact && requested.startsWith(path.endsWith("/") ? path : path + "/"));
    }

    private boolean hasRunningBackend(ScaledToZeroServices scaledToZero) {
      return backends.isEmpty() || !backends.stream().allMatch(scaledToZero::has);
    }
  }

  /** What to request from a host. */
  record Request(String path, boolean redirected) {}

  HttpRules {
    annotations = Map.copyOf(annotations);
    rules = List.copyOf(rules);
  }

  /** The Ingresses and routes of a load balancer, in the order in which their hosts are taken. */
  static List<HttpRules> of(LoadBalancer lb, Inventory inventory) {
    var ingresses =
        inventory.list(Resources.INGRESSES).stream()
            .filter(ingress -> hasAddress(lb, ingress.addresses()))
            .sorted(comparing(KubeIngress::namespace).thenComparing(KubeIngress::name))
            .map(ingress -> of(ingress, Listening.ports(ingress, lb)));
    var gateways = gateways(lb, inventory);
    var routes =
        gateways.isEmpty()
            ? Stream.<HttpRules>empty()
            : inventory.list(Resources.GATEWAY_ROUTES).stream()
                .filter(route -> attachments(route, gateways).findAny().isPresent())
                .map(route -> of(route, gateways));
    return Stream.concat(ingresses, routes).toList();
  }

  /** The Gateways whose address a load balancer has. */
  static List<Gateway> gateways(LoadBalancer lb, Inventory inventory) {
    return inventory.list(Resources.GATEWAYS).stream()
        .filter(gateway -> hasAddress(lb, gateway.addresses()))
        .toList();
  }

  static boolean hasAddress(LoadBalancer lb, List<String> addresses) {
    return addresses.stream().anyMatch(lb.dnsName()::equalsIgnoreCase);
  }

  /**
   * The rules of an Ingress.
   *
   * @param ports of its listeners
   */
  static HttpRules of(KubeIngress ingress, Set<Integer> ports) {
    return new HttpRules(
        "ingress/" + ingress.namespace() + "/" + ingress.name(),
        ingress.annotations(),
        ingress.rules().stream()
            .map(
                rule ->
                    new Rule(
                        rule.host(),
                        path(rule.path()),
                        false,
                        rule.host().isEmpty() && rule.path().isEmpty(),
                        false,
                        ports,
                        List.of(backend(ingress, rule))))
            .toList(),
        false);
  }

  private static Backend backend(KubeIngress ingress, IngressRule rule) {
    return new Backend(ingress.namespace(), rule.service(), rule.servicePort());
  }

  /**
   * The rules of a route at these Gateways. Rules that only match particular headers, query
   * parameters, methods or patterns are left out: a probe sends none of them. So are hosts of which
   * only the domain is known, and gRPC routes, whose servers respond to no GET.
   */
  static HttpRules of(GatewayRoute route, List<Gateway> gateways) {
    var hosts = hosts(route, gateways);
    return new HttpRules(
        route.object(),
        route.annotations(),
        route.rules().stream()
            .filter(rule -> rule.plain() && rule.match() != PathMatch.PATTERN)
            .flatMap(
                rule ->
                    hosts.entrySet().stream()
                        .map(host -> rule(rule, host.getKey(), host.getValue())))
            .toList(),
        route.rules().stream().anyMatch(rule -> rule.plain() && rule.match() == PathMatch.PATTERN));
  }

  private static Rule rule(GatewayRoute.Rule rule, String host, Set<Integer> ports) {
    return new Rule(
        host,
        path(rule.path()),
        rule.match() == PathMatch.EXACT,
        false,
        rule.redirects(),
        ports,
        rule.backends().stream().map(HttpRules::backend).toList());
  }

  static Backend backend(GatewayRoute.Backend of) {
    return new Backend(of.namespace(), of.service(), String.valueOf(of.port()));
  }

  /** The hosts of a route, with the ports of the listeners that serve each. */
  private static Map<String, Set<Integer>> hosts(GatewayRoute route, List<Gateway> gateways) {
    return attachments(route, gateways)
        .flatMap(
            listener ->
                (route.hostnames().isEmpty() ? Stream.of("") : route.hostnames().stream())
                    .flatMap(name -> intersection(name, listener.hostname()).stream())
                    .filter(host -> !host.startsWith("*"))
                    .map(host -> Map.entry(host, listener.port())))
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toSet())));
  }

  /** The listeners to which an HTTPRoute is attached. */
  private static Stream<GatewayListener> attachments(GatewayRoute route, List<Gateway> gateways) {
    return route.kind().equals("HTTPRoute")
        ? gateways.stream().flatMap(route::attachments).distinct()
        : Stream.empty();
  }

  /**
   * The more specific of the host name of a route and that of a listener, which have to match
   * (Gateway API, HTTPRouteSpec.hostnames); {@code *.example.com} matches names of any depth.
   */
  static Optional<String> intersection(String route, String listener) {
    var one = route.toLowerCase(Locale.ROOT);
    var other = listener.toLowerCase(Locale.ROOT);
    if (covers(other, one)) {
      return Optional.of(one);
    }
    return covers(one, other) ? Optional.of(other) : Optional.empty();
  }

  private static boolean covers(String pattern, String name) {
    return pattern.isEmpty()
        || pattern.equals(name)
        || (pattern.startsWith("*.") && name.endsWith(pattern.substring(1)));
  }

  /** The hosts of its rules in their order; empty: every host. */
  List<String> hosts() {
    return rules.stream().map(Rule::host).sorted().map(HttpRules::concrete).distinct().toList();
  }

  /** The ports at which a host has rules. */
  Set<Integer> ports(String host) {
    return rules.stream()
        .filter(rule -> concrete(rule.host()).equals(host))
        .flatMap(rule -> rule.ports().stream())
        .collect(Collectors.toSet());
  }

  /**
   * What to request from a host at a port: the annotated path, or the shortest one of its rules;
   * empty: the Services of the rule are scaled to zero, or there is no such rule.
   */
  Optional<Request> request(
      String host, int port, Optional<String> annotatedPath, ScaledToZeroServices scaledToZero) {
    return request(
        rules.stream().filter(rule -> rule.ports().contains(port)),
        host,
        annotatedPath,
        scaledToZero);
  }

  /** The same at any port. */
  Optional<Request> request(
      String host, Optional<String> annotatedPath, ScaledToZeroServices scaledToZero) {
    return request(rules.stream(), host, annotatedPath, scaledToZero);
  }

  private static Optional<Request> request(
      Stream<Rule> rules,
      String host,
      Optional<String> annotatedPath,
      ScaledToZeroServices scaledToZero) {
    var own = rules.filter(rule -> concrete(rule.host()).equals(host)).sorted(SHORTEST).toList();
    return annotatedPath.isPresent()
        ? annotatedPath.flatMap(path -> request(own, path, scaledToZero))
        : own.stream()
            .filter(rule -> rule.hasRunningBackend(scaledToZero))
            .findFirst()
            .map(rule -> new Request(rule.path(), rule.redirects()));
  }

  /** The rule with the longest path applies; if none is known to match, all that may match. */
  private static Optional<Request> request(
      List<Rule> rules, String path, ScaledToZeroServices scaledToZero) {
    var applying =
        rules.stream()
            .filter(rule -> rule.admitsPath(path))
            .max(PRECEDENCE.thenComparing(rule -> rule.hasRunningBackend(scaledToZero)));
    var responds =
        applying
            .map(rule -> rule.hasRunningBackend(scaledToZero))
            .orElseGet(() -> rules.stream().anyMatch(rule -> rule.hasRunningBackend(scaledToZero)));
    return responds
        ? Optional.of(new Request(path, applying.filter(Rule::redirects).isPresent()))
        : Optional.empty();
  }

  /** A host that a rule of all hosts of a domain admits. */
  static String concrete(String host) {
    return host.startsWith("*.") ? "eksnet" + host.substring(1) : host;
  }

  /** Rules of Ingresses may end in a star. */
  private static String path(String path) {
    var prefix = path.endsWith("*") ? path.substring(0, path.length() - 1) : path;
    return prefix.matches("/[A-Za-z0-9._~/-]{0,400}") ? prefix : "/";
  }
}
