package io.eksnet.plan;

import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.agent.plan.PlanValidation;
import io.eksnet.config.Suites;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The load balancers, each from a few agents of each zone. One that is not active yet is not called
 * ({@code provisioning} takes minutes), nor one that never came to be ({@code failed}); nor where a
 * Service that is scaled to zero would have to answer.
 */
record LbCalls(
    Suites suites,
    Inventory inventory,
    ScaledToZeroServices asleep,
    AgentSet fleet,
    PlanBuilder draft) {
  private static final int MAX_LOAD_BALANCERS = 200;
  private static final int MAX_CALLS_PER_LOAD_BALANCER = 10;
  private static final Set<String> TCP = Set.of("TCP", "TCP_UDP", "TLS");
  private static final Set<String> ROUTING = Set.of("active", "active_impaired");

  /** The calls for one host, at these ports. */
  private record Ask(String path, List<String> statuses, Set<Integer> ports) {
    /** Another Ingress may have the same host at other ports. */
    Ask and(Ask other) {
      var all = Stream.of(ports, other.ports).flatMap(Set::stream).collect(Collectors.toSet());
      return new Ask(path, statuses, all);
    }
  }

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
    var ingresses = ingresses(lb, inventory);
    var redirects = ingresses.stream().anyMatch(Listening::redirects);
    var http =
        hosts(lb, ingresses).entrySet().stream()
            .flatMap(
                host ->
                    listeners.stream()
                        .filter(listener -> host.getValue().ports().contains(listener.port()))
                        .flatMap(
                            listener ->
                                http(lb, listener, host.getKey(), host.getValue(), redirects)));
    return Stream.concat(http, listeners.stream().flatMap(listener -> tcp(lb, listener))).toList();
  }

  /** A listener that redirects answers for itself: no status is expected of it. */
  private Stream<LbCall> http(
      LoadBalancer lb, Listener listener, String host, Ask ask, boolean redirects) {
    return switch (listener.protocol()) {
      case "HTTP" ->
          allowed(lb, listener, "http", host, ask.path(), redirects ? List.of() : ask.statuses())
              .stream();
      case "HTTPS" -> allowed(lb, listener, "https", host, ask.path(), ask.statuses()).stream();
      default -> Stream.empty();
    };
  }

  /** UDP has no response to wait for; the name of an NLB's TLS listener is unknown. */
  private Stream<LbCall> tcp(LoadBalancer lb, Listener listener) {
    return TCP.contains(listener.protocol()) && !sleeps(lb)
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

  /** The Ingresses that have its address, in the order in which their hosts are taken. */
  static List<KubeIngress> ingresses(LoadBalancer lb, Inventory inventory) {
    return inventory.list(Resources.INGRESSES).stream()
        .filter(ingress -> isOf(lb, ingress.addresses()))
        .sorted(Comparator.comparing(KubeIngress::namespace).thenComparing(KubeIngress::name))
        .toList();
  }

  /** The hosts of its Ingresses; without any rule its own name. */
  private Map<String, Ask> hosts(LoadBalancer lb, List<KubeIngress> ingresses) {
    if (ingresses.stream().allMatch(ingress -> ingress.rules().isEmpty())) {
      var ports = lb.listeners().stream().map(Listener::port).collect(Collectors.toSet());
      return Map.of("", new Ask("/", List.of(), ports));
    }
    var hosts = new LinkedHashMap<String, Ask>();
    ingresses.forEach(
        ingress ->
            hosts(ingress, Listening.ports(ingress, lb))
                .forEach((host, ask) -> hosts.merge(host, ask, Ask::and)));
    return hosts;
  }

  private Map<String, Ask> hosts(KubeIngress ingress, Set<Integer> ports) {
    var object = "ingress/" + ingress.namespace() + "/" + ingress.name();
    var asked = ProbeAnnotations.of(object, ingress.annotations());
    asked.objections().forEach(draft::report);
    var routes = new IngressRoutes(ingress, asleep);
    var hosts = new LinkedHashMap<String, Ask>();
    routes
        .hosts()
        .forEach(
            host ->
                routes
                    .path(host, asked.path())
                    .ifPresent(path -> hosts.put(host, new Ask(path, asked.statuses(), ports))));
    return hosts;
  }

  /** Whether it is there for Services that are all asleep; it has no targets then. */
  private boolean sleeps(LoadBalancer lb) {
    var services =
        inventory.list(Resources.SERVICES).stream()
            .filter(service -> isOf(lb, service.addresses()))
            .toList();
    return !services.isEmpty() && services.stream().allMatch(asleep::has);
  }

  private static boolean isOf(LoadBalancer lb, List<String> addresses) {
    return addresses.stream().anyMatch(lb.dnsName()::equalsIgnoreCase);
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
