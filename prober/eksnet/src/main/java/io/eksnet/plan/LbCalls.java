package io.eksnet.plan;

import io.eksnet.config.Suites;
import io.eksnet.core.inventory.GroupHealth;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.KubeIngress;
import io.eksnet.core.inventory.LoadBalancer;
import io.eksnet.core.inventory.LoadBalancer.Listener;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.Scheme;
import io.eksnet.core.inventory.TargetGroup;
import io.eksnet.core.inventory.TargetHealth;
import io.eksnet.plan.Assignment.LbCall;
import io.eksnet.plan.Assignment.Suite;
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
record LbCalls(Suites suites, Inventory inventory, Asleep asleep, Fleet fleet, Draft draft) {
  private static final int MOST = 200;
  private static final int MOST_EACH = 10;
  private static final Set<String> ROUTING = Set.of("active", "active_impaired");

  /** What is asked for under one host. */
  private record Ask(String path, List<String> statuses) {}

  void plan() {
    var balancers =
        inventory.list(Parts.LOAD_BALANCERS).stream()
            .filter(lb -> ROUTING.contains(lb.state()))
            .sorted(Comparator.comparing(LoadBalancer::name))
            .toList();
    draft.first(MOST, balancers, Suite.LB).forEach(this::plan);
  }

  private void plan(LoadBalancer lb) {
    var callers = fleet.ofEachZone(lb.name(), suites.lb().agentsPerZone(), avoided(lb));
    draft.first(MOST_EACH, calls(lb), Suite.LB).forEach(call -> draft.give(callers, call));
  }

  private List<LbCall> calls(LoadBalancer lb) {
    return lb.listeners().stream()
        .sorted(Comparator.comparingInt(Listener::port))
        .flatMap(listener -> calls(lb, listener))
        .toList();
  }

  /** UDP has no answer that one could wait for; TLS of an NLB is for a name that nobody tells. */
  private Stream<LbCall> calls(LoadBalancer lb, Listener listener) {
    return switch (listener.protocol()) {
      case "HTTP" -> http(lb, listener, "http");
      case "HTTPS" -> http(lb, listener, "https");
      case "TCP", "TCP_UDP", "TLS" ->
          sleeps(lb)
              ? Stream.empty()
              : allowed(lb, listener, "tcp", "", new Ask("", List.of())).stream();
      default -> Stream.empty();
    };
  }

  private Stream<LbCall> http(LoadBalancer lb, Listener listener, String protocol) {
    return hosts(lb).entrySet().stream()
        .flatMap(host -> allowed(lb, listener, protocol, host.getKey(), host.getValue()).stream());
  }

  /**
   * The certificate is verified where its host is known and everybody is to trust it; those of
   * internal ones are often of an authority that agents do not know.
   */
  private Optional<LbCall> allowed(
      LoadBalancer lb, Listener listener, String protocol, String host, Ask ask) {
    var verify =
        protocol.equals("https") && !host.isEmpty() && lb.scheme() == Scheme.INTERNET_FACING;
    return draft.allowed(
        "load balancer " + lb.name(),
        host.isEmpty() ? "DNSName" : "host " + Wording.quoted(host),
        () ->
            new LbCall(
                lb.name(),
                lb.dnsName(),
                listener.port(),
                protocol,
                host,
                ask.path(),
                ask.statuses(),
                verify));
  }

  /** The Ingresses that have its address, in the order in which their hosts are taken. */
  static List<KubeIngress> ingresses(LoadBalancer lb, Inventory inventory) {
    return inventory.list(Parts.INGRESSES).stream()
        .filter(ingress -> isOf(lb, ingress.addresses()))
        .sorted(Comparator.comparing(KubeIngress::namespace).thenComparing(KubeIngress::name))
        .toList();
  }

  /** The hosts of its Ingresses; without any rule its own name. */
  private Map<String, Ask> hosts(LoadBalancer lb) {
    var ingresses = ingresses(lb, inventory);
    var hosts = new LinkedHashMap<String, Ask>();
    ingresses.forEach(ingress -> hosts(ingress).forEach(hosts::putIfAbsent));
    return ingresses.stream().allMatch(ingress -> ingress.rules().isEmpty())
        ? Map.of("", new Ask("/", List.of()))
        : hosts;
  }

  private Map<String, Ask> hosts(KubeIngress ingress) {
    var object = "ingress/" + ingress.namespace() + "/" + ingress.name();
    var asked = ProbeAnnotations.of(object, ingress.annotations());
    asked.objections().forEach(draft::object);
    var routes = new Routes(ingress, asleep);
    var hosts = new LinkedHashMap<String, Ask>();
    routes
        .hosts()
        .forEach(
            host ->
                routes
                    .path(host, asked.path())
                    .ifPresent(path -> hosts.put(host, new Ask(path, asked.statuses()))));
    return hosts;
  }

  /** Whether it is there for Services that are all asleep; it has no targets then. */
  private boolean sleeps(LoadBalancer lb) {
    var services =
        inventory.list(Parts.SERVICES).stream()
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
        inventory.list(Parts.TARGET_GROUPS).stream()
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
    var pods = inventory.list(Parts.SERVICE_PODS).stream();
    var nodes = inventory.list(Parts.NODES).stream();
    return Stream.concat(
            pods.map(pod -> Map.entry(pod.ip(), pod.node())),
            nodes.map(node -> Map.entry(node.instanceId(), node.name())))
        .filter(entry -> !entry.getKey().isEmpty())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one));
  }
}
