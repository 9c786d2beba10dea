package io.eksnet.plan;

import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.LoadBalancer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The backend of a load balancer for each host; hosts whose backend is unknown are left out. */
public record LbRoutes(Map<String, Backend> byHost) {
  /** Unknown. */
  public static final LbRoutes NONE = new LbRoutes(Map.of());

  /**
   * What a rule leads to.
   *
   * @param port a number or a name
   */
  public record Backend(String namespace, String service, String port) {}

  /** A rule and whose it is. */
  private record Route(KubeIngress ingress, IngressRule rule) {
    private Backend backend() {
      return new Backend(ingress.namespace(), rule.service(), rule.servicePort());
    }

    private String path() {
      return IngressRoutes.path(rule);
    }

    private boolean isDefault() {
      return rule.host().isEmpty() && rule.path().isEmpty();
    }

    private boolean admits(String host, String path) {
      return IngressRoutes.admitsHost(rule, host) && IngressRoutes.admits(path(), path);
    }
  }

  public LbRoutes {
    byHost = Map.copyOf(byHost);
  }

  /** As it is called now. */
  public static LbRoutes of(LoadBalancer lb, Inventory inventory) {
    var ingresses = LbCalls.ingresses(lb, inventory);
    var routes =
        ingresses.stream()
            .flatMap(ingress -> ingress.rules().stream().map(rule -> new Route(ingress, rule)))
            .toList();
    var backends = new HashMap<String, Backend>();
    asked(ingresses, ScaledToZeroServices.in(inventory))
        .forEach(
            (host, path) ->
                backend(routes, host, path).ifPresent(backend -> backends.put(host, backend)));
    return new LbRoutes(backends);
  }

  /** The path to request from each host. */
  private static Map<String, String> asked(
      List<KubeIngress> ingresses, ScaledToZeroServices asleep) {
    var paths = new HashMap<String, String>();
    for (var ingress : ingresses) {
      var wished = ProbeAnnotations.of("", ingress.annotations()).path();
      var routes = new IngressRoutes(ingress, asleep);
      routes
          .hosts()
          .forEach(
              host -> routes.path(host, wished).ifPresent(path -> paths.putIfAbsent(host, path)));
    }
    return paths;
  }

  /** A default backend answers what no rule admits. */
  private static Optional<Backend> backend(List<Route> routes, String host, String path) {
    var admitting = routes.stream().filter(route -> route.admits(host, path)).toList();
    var rules = admitting.stream().filter(Predicate.not(Route::isDefault)).toList();
    return only(rules.isEmpty() ? admitting : longest(rules))
        .filter(backend -> !backend.port().equals(ScaledToZeroServices.ACTION));
  }

  /** Of the rules of one host the longest path counts; which host does is a matter of order. */
  private static List<Route> longest(List<Route> routes) {
    return routes.stream()
        .collect(Collectors.groupingBy(route -> route.rule().host()))
        .values()
        .stream()
        .flatMap(LbRoutes::longestOfAHost)
        .toList();
  }

  private static Stream<Route> longestOfAHost(List<Route> routes) {
    var most = routes.stream().mapToInt(route -> route.path().length()).max().orElse(0);
    return routes.stream().filter(route -> route.path().length() == most);
  }

  private static Optional<Backend> only(List<Route> routes) {
    var backends = routes.stream().map(Route::backend).distinct().toList();
    return backends.size() == 1 ? Optional.of(backends.get(0)) : Optional.empty();
  }
}
