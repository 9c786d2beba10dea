package io.eksnet.plan;

import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.agent.plan.PlanValidation;
import io.eksnet.config.Suites;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The load balancers, each from a few agents of each zone. One that is not active yet is not called
 * ({@code provisioning} takes minutes), nor one whose creation failed ({@code failed}); nor where a
 * Service that is scaled to zero would have to answer; nor a listener for HTTP of which no host or
 * path is known, which is reported.
 */
record LbCalls(
    Suites suites,
    Inventory inventory,
    ScaledToZeroServices scaledToZero,
    AgentSet fleet,
    PlanBuilder draft) {
  private static final int MAX_LOAD_BALANCERS = 200;
  private static final int MAX_CALLS_PER_LOAD_BALANCER = 10;
  private static final Set<String> TCP = Set.of("TCP", "TCP_UDP", "TLS");
  private static final Set<String> ROUTING = Set.of("active", "active_impaired");

  /**
   * A request to a host at a port.
   *
   * @param statuses that are expected; none: any
   */
  private record HostRequest(String path, List<String> statuses) {}

  void plan() {
    var balancers =
        inventory.list(Resources.LOAD_BALANCERS).stream()
            .filter(lb -> ROUTING.contains(lb.state()))
            .sorted(Comparator.comparing(LoadBalancer::name))
            .toList();
    draft.first(MAX_LOAD_BALANCERS, balancers, Suite.LB).forEach(this::plan);
  }

  private void plan(LoadBalancer lb) {
    var callers = fleet.ofEachZone(lb.name(), suites.lb().agentsPerZone(), avoided(lb));
    draft
        .first(MAX_CALLS_PER_LOAD_BALANCER, calls(lb), Suite.LB)
        .forEach(call -> draft.give(callers, call));
  }

  /** Each host at all its ports before the next one, so that a bound leaves no listener out. */
  private List<LbCall> calls(LoadBalancer lb) {
    var listeners =
        lb.listeners().stream().sorted(Comparator.comparingInt(Listener::port)).toList();
    var objects = HttpRules.of(lb, inventory);
    LbRoutes.areKnown(lb, inventory)
        .filter(known -> !known)
        .ifPresent(unknown -> draft.report(notProbed(lb, objects)));
    var http =
        hosts(objects, redirects(lb)).entrySet().stream()
            .flatMap(
                host ->
                    listeners.stream()
                        .flatMap(
                            listener ->
                                Optional.ofNullable(host.getValue().get(listener.port())).stream()
                                    .flatMap(
                                        request -> http(lb, listener, host.getKey(), request))));
    return Stream.concat(http, listeners.stream().flatMap(listener -> tcp(lb, listener))).toList();
  }

  /**
   * A response under the DNS name of a load balancer would show nothing about an application: a
   * listener responds by itself if no rule matches.
   */
  private ValidationError notProbed(LoadBalancer lb, List<HttpRules> objects) {
    var gateways = HttpRules.gateways(lb, inventory);
    var problem =
        !objects.isEmpty()
            ? "is not probed: no rule of %s admits a GET of a known host and path"
                .formatted(
                    objects.stream().map(HttpRules::object).collect(Collectors.joining(", ")))
            : !gateways.isEmpty()
                ? "is not probed: no HTTPRoute is attached to gateway/" + gateways.get(0).fullName()
                : "is not probed: no Ingress or Gateway with its address is known";
    return new ValidationError(
        "load balancer " + lb.name(),
        "host",
        problem,
        "add a probe of kind http with a host and a path to the config, or an Ingress or an"
            + " HTTPRoute that names them");
  }

  private Stream<LbCall> http(
      LoadBalancer lb, Listener listener, String host, HostRequest request) {
    return LbRoutes.isHttp(listener)
        ? allowed(
            lb,
            listener,
            listener.protocol().toLowerCase(Locale.ROOT),
            host,
            request.path(),
            request.statuses())
            .stream()
        : Stream.empty();
  }

  /** UDP has no response to wait for; the name of an NLB's TLS listener is unknown. */
  private Stream<LbCall> tcp(LoadBalancer lb, Listener listener) {
    return TCP.contains(listener.protocol()) && !isScaledToZero(lb)
        ? allowed(lb, listener, "tcp", "", "", List.of()).stream()
        : Stream.empty();
  }

  /**
   * The certificate is verified where its host is known and everybody is to trust it; those of
   * internal ones are often of an authority that agents do not know.
   */
  private Optional<LbCall> allowed(
      LoadBalancer lb,
      Listener listener,
      String protocol,
      String host,
      String path,
      List<String> statuses) {
    var verify =
        protocol.equals("https") && !host.isEmpty() && lb.scheme() == Scheme.INTERNET_FACING;
    return draft.allowed(
        "load balancer " + lb.name(),
        host.isEmpty() ? "DNSName" : "host " + PlanValidation.quoted(host),
        () ->
            new LbCall(
                lb.name(), lb.dnsName(), listener.port(), protocol, host, path, statuses, verify));
  }

  /** The ports at which a load balancer redirects every request of Ingresses to HTTPS. */
  private Set<Integer> redirects(LoadBalancer lb) {
    return inventory.list(Resources.INGRESSES).stream()
            .filter(ingress -> HttpRules.hasAddress(lb, ingress.addresses()))
            .anyMatch(Listening::redirects)
        ? lb.listeners().stream()
            .filter(listener -> listener.protocol().equals("HTTP"))
            .map(Listener::port)
            .collect(Collectors.toSet())
        : Set.of();
  }

  /** The request for each host at each port; of several objects the first counts. */
  private Map<String, Map<Integer, HostRequest>> hosts(
      List<HttpRules> objects, Set<Integer> redirects) {
    var hosts = new LinkedHashMap<String, Map<Integer, HostRequest>>();
    for (var object : objects) {
      var asked = ProbeAnnotations.of(object.object(), object.annotations());
      asked.objections().forEach(draft::report);
      for (var host : object.hosts()) {
        for (var port : object.ports(host)) {
          object
              .request(host, port, asked.path(), scaledToZero)
              .ifPresent(
                  request ->
                      hosts
                          .computeIfAbsent(host, same -> new TreeMap<>())
                          .putIfAbsent(
                              port,
                              new HostRequest(
                                  request.path(),
                                  request.redirected() || redirects.contains(port)
                                      ? List.of()
                                      : asked.statuses())));
        }
      }
    }
    return hosts;
  }

  /** Whether all Services behind it are scaled to zero; it has no targets then. */
  private boolean isScaledToZero(LoadBalancer lb) {
    var services =
        inventory.list(Resources.SERVICES).stream()
            .filter(service -> HttpRules.hasAddress(lb, service.addresses()))
            .map(scaledToZero::has);
    var backends =
        HttpRules.gateways(lb, inventory).stream()
            .flatMap(gateway -> backends(gateway.fullName()))
            .map(scaledToZero::has);
    var all = Stream.concat(services, backends).toList();
    return !all.isEmpty() && all.stream().allMatch(Boolean::booleanValue);
  }

  private Stream<LbRoutes.Backend> backends(String gateway) {
    return inventory.list(Resources.GATEWAY_ROUTES).stream()
        .filter(
            route -> route.parents().stream().anyMatch(parent -> parent.fullName().equals(gateway)))
        .flatMap(route -> route.rules().stream())
        .flatMap(rule -> rule.backends().stream())
        .map(HttpRules::backend);
  }

  /**
   * An internal NLB that keeps the client's address cannot send a node to itself: an agent on a
   * node of its targets sees timeouts that users do not (NLB guide, "client IP preservation").
   */
  private Set<String> avoided(LoadBalancer lb) {
    if (!lb.type().equals("network") || lb.scheme() != Scheme.INTERNAL) {
      return Set.of();
    }
    var groups =
        inventory.list(Resources.TARGET_GROUPS).stream()
            .filter(group -> group.loadBalancerArns().contains(lb.arn()))
            .map(TargetGroup::arn)
            .collect(Collectors.toSet());
    var nodes = nodes();
    return GroupHealth.targetsIn(inventory).stream()
        .filter(target -> groups.contains(target.targetGroupArn()))
        .map(TargetHealth::id)
        .flatMap(id -> Optional.ofNullable(nodes.get(id)).stream())
        .collect(Collectors.toSet());
  }

  /** Nodes by the ids under which they are targets. */
  private Map<String, String> nodes() {
    var pods = inventory.list(Resources.SERVICE_PODS).stream();
    var nodes = inventory.list(Resources.NODES).stream();
    return Stream.concat(
            pods.map(pod -> Map.entry(pod.ip(), pod.node())),
            nodes.map(node -> Map.entry(node.instanceId(), node.name())))
        .filter(entry -> !entry.getKey().isEmpty())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one));
  }
}
