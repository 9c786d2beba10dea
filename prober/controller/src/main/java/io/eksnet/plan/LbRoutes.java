package io.eksnet.plan;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Resources;
import io.eksnet.plan.HttpRules.Rule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The backend of a load balancer for each host; hosts whose backend is unknown are left out. */
public record LbRoutes(Map<String, Backend> byHost) {
  private static final Set<String> HTTP = Set.of("HTTP", "HTTPS");

  /** Unknown. */
  public static final LbRoutes NONE = new LbRoutes(Map.of());

  /**
   * What a rule leads to.
   *
   * @param service empty: no Service
   * @param port a number or a name
   */
  public record Backend(String namespace, String service, String port) {}

  public LbRoutes {
    byHost = Map.copyOf(byHost);
  }

  /**
   * Whether agents probe the listeners for HTTP of a load balancer: a host and a path that it
   * serves are known. Empty if it has no such listener, or while objects that may name them are
   * unknown.
   */
  public static Optional<Boolean> areKnown(LoadBalancer lb, Inventory inventory) {
    if (lb.listeners().stream().noneMatch(LbRoutes::isHttp)) {
      return Optional.empty();
    }
    if (HttpRules.of(lb, inventory).stream().anyMatch(object -> !object.rules().isEmpty())) {
      return Optional.of(true);
    }
    return Stream.of(Resources.INGRESSES, Resources.GATEWAYS, Resources.GATEWAY_ROUTES)
            .anyMatch(inventory::isUnknown)
        ? Optional.empty()
        : Optional.of(false);
  }

  /** Whether a listener takes requests by HTTP, with or without TLS. */
  static boolean isHttp(Listener listener) {
    return HTTP.contains(listener.protocol());
  }

  /** As the load balancer is probed now. */
  public static LbRoutes of(LoadBalancer lb, Inventory inventory) {
    var objects = HttpRules.of(lb, inventory);
    var all = objects.stream().flatMap(object -> object.rules().stream()).toList();
    var patterns = objects.stream().anyMatch(HttpRules::hasPatterns);
    var backends = new HashMap<String, Backend>();
    var ambiguous = new HashSet<String>();
    requests(objects, ScaledToZeroServices.in(inventory))
        .forEach(
            (at, path) -> {
              var rules = all.stream().filter(rule -> rule.ports().contains(at.port())).toList();
              var backend = patterns ? Optional.<Backend>empty() : backend(rules, at.host(), path);
              if (backend.isEmpty()
                  || !backend
                      .get()
                      .equals(backends.computeIfAbsent(at.host(), h -> backend.get()))) {
                ambiguous.add(at.host());
              }
            });
    backends.keySet().removeAll(ambiguous);
    return new LbRoutes(backends);
  }

  private record HostPort(String host, int port) {}

  /** The path to request from each host at each port. */
  private static Map<HostPort, String> requests(
      List<HttpRules> objects, ScaledToZeroServices scaledToZero) {
    var paths = new HashMap<HostPort, String>();
    for (var object : objects) {
      var annotatedPath = ProbeAnnotations.of("", object.annotations()).path();
      for (var host : object.hosts()) {
        for (var port : object.ports(host)) {
          object
              .request(host, port, annotatedPath, scaledToZero)
              .filter(request -> !request.redirected())
              .ifPresent(request -> paths.putIfAbsent(new HostPort(host, port), request.path()));
        }
      }
    }
    return paths;
  }

  /** A default backend answers what no rule admits. */
  private static Optional<Backend> backend(List<Rule> all, String host, String path) {
    var admitting = all.stream().filter(rule -> rule.admits(host, path)).toList();
    var rules = admitting.stream().filter(Predicate.not(Rule::isDefault)).toList();
    return only(rules.isEmpty() ? admitting : longest(rules))
        .filter(backend -> !backend.service().isEmpty())
        .filter(backend -> !backend.port().equals(ScaledToZeroServices.ACTION));
  }

  /** Of the rules of one host the longest path counts; which host does is a matter of order. */
  private static List<Rule> longest(List<Rule> rules) {
    return rules.stream().collect(Collectors.groupingBy(Rule::host)).values().stream()
        .flatMap(LbRoutes::longestOfAHost)
        .toList();
  }

  private static Stream<Rule> longestOfAHost(List<Rule> rules) {
    var exact = rules.stream().filter(Rule::exact).toList();
    var first = exact.isEmpty() ? rules : exact;
    var most = first.stream().mapToInt(rule -> rule.path().length()).max().orElse(0);
    return first.stream().filter(rule -> rule.path().length() == most);
  }

  private static Optional<Backend> only(List<Rule> rules) {
    Set<List<Backend>> backends = rules.stream().map(Rule::backends).collect(Collectors.toSet());
    return backends.size() == 1
        ? Optional.of(backends.iterator().next()).filter(of -> of.size() == 1).map(of -> of.get(0))
        : Optional.empty();
  }
}
