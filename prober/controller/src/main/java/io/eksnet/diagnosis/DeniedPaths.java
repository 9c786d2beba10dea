package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.eksnet.diagnosis.ProbeResults.Series;
import io.eksnet.model.Cidr;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.ServiceKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.policy.Direction;
import io.eksnet.model.policy.NetworkPolicies;
import io.eksnet.model.policy.PodGroup;
import io.eksnet.model.policy.PodGroup.NamedPort;
import io.eksnet.model.policy.PolicyEngine;
import io.eksnet.model.policy.PolicyEvaluator;
import io.eksnet.model.policy.PolicyEvaluator.Connection;
import io.eksnet.model.policy.PolicyEvaluator.End;
import io.eksnet.model.policy.PolicyVerdict;
import io.eksnet.plan.FleetPlan;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The paths that NetworkPolicies deny and that are broken: from agents to CoreDNS, to each other,
 * to Services and out of the cluster, and from load balancers to targets. A denied path that
 * nothing uses does no harm.
 */
final class DeniedPaths {
  private static final int DNS_PORT = 53;
  private static final int HTTPS_PORT = 443;
  private static final String ANY_IPV4 = "0.0.0.0/0";
  private static final String ANY_IPV6 = "::/0";

  private static final Set<RootCause> OF_DNS =
      EnumSet.of(
          RootCause.COREDNS_FAILING,
          RootCause.COREDNS_REPLICA_SICK,
          RootCause.SERVICE_PATH_BROKEN,
          RootCause.DNS_PORT_BLOCKED,
          RootCause.DNS_TCP_BLOCKED,
          RootCause.DOWNSTREAM_OF_DNS);
  private static final Set<RootCause> OF_EGRESS =
      EnumSet.of(RootCause.NO_EGRESS, RootCause.ENDPOINT_UNREACHABLE);
  private static final Set<RootCause> OF_TARGETS =
      EnumSet.of(
          RootCause.TARGET_HUNG, RootCause.NACL_OR_ROUTE, RootCause.TARGET_GROUP_FAILING_OPEN);

  private final EvidenceIndex evidence;
  private final NetworkPolicies policies;
  private final PolicyEvaluator evaluator;
  private final Map<String, PodGroup> groups = new TreeMap<>();
  private final Map<String, Agent> agents;

  DeniedPaths(EvidenceIndex evidence, NetworkPolicies policies) {
    this.evidence = evidence;
    this.policies = policies;
    this.evaluator = new PolicyEvaluator(policies);
    policies.pods().stream()
        .filter(group -> !group.hostNetwork())
        .forEach(group -> group.addresses().forEach(address -> groups.put(address, group)));
    this.agents =
        evidence.inventory().get(Resources.AGENTS).stream()
            .map(AgentFleet::agents)
            .flatMap(List::stream)
            .collect(toMap(Agent::node, agent -> agent, (first, next) -> first));
  }

  Stream<DeniedPath> all() {
    return Stream.of(dns(), peers(), services(), sts(), targets()).flatMap(paths -> paths);
  }

  /** A path that policies deny. */
  private record Denied<S extends SeriesKey>(
      Series<S> series, PolicyVerdict verdict, Connection connection) {
    /** Of the pods that are isolated. */
    String namespace() {
      return isolated(connection, verdict).namespace();
    }

    /** What is at the other end. */
    String peer() {
      return verdict.direction() == Direction.EGRESS
          ? destination(connection)
          : "the agents of namespace " + sourceNamespace(connection);
    }
  }

  private static PodGroup isolated(Connection connection, PolicyVerdict verdict) {
    var end =
        verdict.direction() == Direction.EGRESS ? connection.source() : connection.destination();
    return end.pods().orElseThrow();
  }

  private Stream<DeniedPath> dns() {
    var ready =
        evidence.list(Resources.DNS_PODS).stream()
            .filter(DnsPod::ready)
            .map(DnsPod::ip)
            .collect(toUnmodifiableSet());
    var direct =
        evidence
            .results(DnsKey.class)
            .where(key -> key.path().equals("backend") && ready.contains(key.server()));
    return blocked(
        direct,
        one -> {
          var protocol = one.key().proto().equals("tcp") ? "TCP" : "UDP";
          return to(one, one.key().server(), protocol, ports -> dnsPort(ports, protocol));
        },
        "queries to CoreDNS",
        one -> List.of(),
        OF_DNS);
  }

  private static List<Integer> dnsPort(PodGroup coreDns, String protocol) {
    return List.of(
        coreDns.ports().stream()
            .filter(port -> port.protocol().equals(protocol))
            .filter(port -> port.name().startsWith("dns"))
            .map(NamedPort::number)
            .findFirst()
            .orElse(DNS_PORT));
  }

  private Stream<DeniedPath> peers() {
    return blocked(
        evidence.results(PodKey.class),
        one ->
            Optional.ofNullable(agents.get(one.key().peer())).filter(Agent::ready).stream()
                .flatMap(
                    peer -> to(one, peer.address(), "TCP", pods -> List.of(FleetPlan.AGENT_PORT))),
        "connections between agents",
        one -> List.of(),
        EnumSet.of(RootCause.ZONE_OR_NODE_PARTITION));
  }

  private Stream<DeniedPath> services() {
    var services =
        evidence.byKey(Resources.SERVICES, service -> service.namespace() + "/" + service.name());
    return blocked(
        evidence.results(ServiceKey.class).where(key -> key.via().equals("cluster_ip")),
        one ->
            Optional.ofNullable(services.get(one.key().namespace() + "/" + one.key().service()))
                .stream()
                .flatMap(service -> to(one, service)),
        "connections to Services",
        one -> List.of("service/%s/%s".formatted(one.key().namespace(), one.key().service())),
        Set.of());
  }

  /** Denied only if all pods that kube-proxy may choose are out of reach. */
  private Stream<Denied<ServiceKey>> to(Series<ServiceKey> one, KubeService service) {
    var ready = service.endpoints().orElse(List.of()).stream().filter(Endpoint::ready).toList();
    var denied =
        ready.stream()
            .map(endpoint -> to(one, endpoint.address(), "TCP", DeniedPaths::tcpPorts).findFirst())
            .toList();
    return denied.stream().allMatch(Optional::isPresent)
        ? denied.stream().flatMap(Optional::stream).limit(1)
        : Stream.empty();
  }

  /** The port of the Service that a pod serves is not known: any of its own. */
  private static List<Integer> tcpPorts(PodGroup pods) {
    return pods.ports().stream()
        .filter(port -> port.protocol().equals("TCP"))
        .map(NamedPort::number)
        .toList();
  }

  /** Wherever STS is, if policies allow no address outside the cluster. */
  private Stream<DeniedPath> sts() {
    return blocked(
        evidence.results(StsKey.class),
        one ->
            agent(one)
                .map(
                    source ->
                        new Connection(source, End.outside(Cidr.of(ANY_IPV4)), "TCP", HTTPS_PORT))
                .flatMap(connection -> denied(one, connection))
                .stream(),
        "connections to STS",
        one -> List.of(),
        OF_EGRESS);
  }

  /** The connection to a pod if it is denied at all of these ports. */
  private <S extends SeriesKey> Stream<Denied<S>> to(
      Series<S> one, String address, String protocol, Function<PodGroup, List<Integer>> ports) {
    var source = agent(one);
    var group = Optional.ofNullable(groups.get(address));
    if (source.isEmpty() || group.isEmpty()) {
      return Stream.empty();
    }
    var denied =
        ports.apply(group.get()).stream()
            .map(
                port ->
                    denied(
                        one,
                        new Connection(
                            source.get(), End.pod(group.get(), address), protocol, port)))
            .toList();
    return denied.stream().allMatch(Optional::isPresent)
        ? denied.stream().flatMap(Optional::stream).limit(1)
        : Stream.empty();
  }

  private Optional<End> agent(Series<?> one) {
    return Optional.ofNullable(agents.get(one.node()))
        .flatMap(
            agent ->
                Optional.ofNullable(groups.get(agent.address()))
                    .map(group -> End.pod(group, agent.address())));
  }

  private <S extends SeriesKey> Optional<Denied<S>> denied(Series<S> one, Connection connection) {
    return Optional.of(evaluator.evaluate(connection))
        .filter(PolicyVerdict::isDenied)
        .map(verdict -> new Denied<>(one, verdict, connection));
  }

  /**
   * The denied paths, by the namespace of the isolated pods. If one of them works, policies are not
   * enforced, and something else breaks the others.
   */
  private <S extends SeriesKey> Stream<DeniedPath> blocked(
      ProbeResults<S> results,
      Function<Series<S>, Stream<Denied<S>>> evaluate,
      String what,
      Function<Series<S>, List<String>> affected,
      Set<RootCause> consequences) {
    return results.series().stream()
        .flatMap(evaluate)
        .collect(groupingBy(Denied::namespace, TreeMap::new, toList()))
        .entrySet()
        .stream()
        .flatMap(group -> blocked(group.getKey(), group.getValue(), what, affected, consequences));
  }

  private <S extends SeriesKey> Stream<DeniedPath> blocked(
      String namespace,
      List<Denied<S>> denied,
      String what,
      Function<Series<S>, List<String>> affected,
      Set<RootCause> consequences) {
    var results = new ProbeResults<>(denied.stream().map(Denied::series).toList());
    var silent = results.failing("timeout");
    if (silent.isEmpty() || !results.healthy().isEmpty() || !mayBeDropped(silent)) {
      return Stream.empty();
    }
    var byPeer =
        denied.stream()
            .filter(one -> one.series().window().failing("timeout"))
            .collect(groupingBy(Denied::peer, TreeMap::new, toList()));
    return byPeer.entrySet().stream()
        .map(
            peer ->
                new DeniedPath(
                    namespace,
                    peer.getValue().get(0).verdict(),
                    peer.getKey(),
                    ports(peer.getValue().stream().map(Denied::connection)),
                    "%s time out on %s"
                        .formatted(what, FindingText.share(silent.nodes(), results.nodes())),
                    peer.getValue().stream()
                        .flatMap(one -> affected.apply(one.series()).stream())
                        .distinct()
                        .sorted()
                        .toList(),
                    consequences));
  }

  /** Where it is not known that policies are enforced, an accepted connection disproves it. */
  private boolean mayBeDropped(ProbeResults<?> silent) {
    return policies.engine() != PolicyEngine.UNKNOWN
        || silent.series().stream()
            .allMatch(
                one ->
                    one.key() instanceof DnsKey
                        || one.window()
                            .last()
                            .filter(run -> run.phase().compareTo(Phase.CONNECT) <= 0)
                            .isPresent());
  }

  private static String destination(Connection connection) {
    return connection
        .destination()
        .pods()
        .map(pods -> "namespace " + pods.namespace())
        .orElse("addresses outside the cluster");
  }

  private static String sourceNamespace(Connection connection) {
    return connection.source().pods().map(PodGroup::namespace).orElse("");
  }

  /** Such as {@code TCP port 53, UDP port 53}: a policy must allow all of them. */
  private static String ports(Stream<Connection> connections) {
    return connections
        .map(connection -> "%s port %d".formatted(connection.protocol(), connection.port()))
        .distinct()
        .sorted()
        .collect(joining(", "));
  }

  /** Targets whose health checks get no response because no policy allows the load balancer. */
  private Stream<DeniedPath> targets() {
    var ranges = evidence.byKey(Resources.SUBNETS, Subnet::id);
    var notReady =
        evidence.list(Resources.SERVICE_PODS).stream()
            .filter(pod -> !pod.ready())
            .map(ServicePod::ip)
            .collect(toUnmodifiableSet());
    return evidence.targetGroups().stream()
        .filter(group -> group.group().targetType().equals("ip"))
        .flatMap(group -> blocked(group, ranges, notReady));
  }

  private Stream<DeniedPath> blocked(
      TargetGroupView group, Map<String, Subnet> ranges, Set<String> notReady) {
    var checks =
        group.registered().stream()
            .flatMap(target -> healthCheck(target, group, ranges).stream())
            .filter(check -> !check.denied().isEmpty())
            .toList();
    var silent =
        checks.stream()
            .filter(check -> check.target().state().equals("unhealthy"))
            .filter(check -> group.mayBeSilent(check.target()))
            .filter(check -> !group.isBlocked(check.target()))
            .filter(check -> !notReady.contains(check.target().id()))
            .toList();
    // a healthy target that no policy allows disproves that they are enforced
    if (silent.isEmpty() || checks.stream().anyMatch(HealthCheckPath::isWrong)) {
      return Stream.empty();
    }
    var connection = silent.get(0).denied().get(0);
    var verdict = evaluator.evaluate(connection);
    return Stream.of(
        new DeniedPath(
            isolated(connection, verdict).namespace(),
            verdict,
            "the subnets of the load balancer (%s)"
                .formatted(
                    FindingText.list(
                        silent.stream()
                            .flatMap(check -> check.ranges().stream())
                            .collect(toCollection(TreeSet::new)))),
            ports(silent.stream().flatMap(check -> check.denied().stream())),
            "health checks time out for "
                + group.share(silent.stream().map(HealthCheckPath::target).toList()),
            List.of("target_group/" + group.group().name()),
            OF_TARGETS));
  }

  /**
   * The health checks of a target from all subnets of its load balancers.
   *
   * @param all the ranges that they come from
   * @param ranges those that policies deny
   * @param denied the connections from these
   */
  private record HealthCheckPath(
      TargetHealth target, List<String> all, List<String> ranges, List<Connection> denied) {
    boolean isWrong() {
      return target.state().equals("healthy") && ranges.size() == all.size();
    }
  }

  private Optional<HealthCheckPath> healthCheck(
      TargetHealth target, TargetGroupView group, Map<String, Subnet> ranges) {
    var port = target.healthCheckPort() > 0 ? target.healthCheckPort() : target.port();
    return Optional.ofNullable(groups.get(target.id()))
        .map(pods -> End.pod(pods, target.id()))
        .map(
            pod -> {
              var all =
                  group.loadBalancers().stream()
                      .flatMap(lb -> sources(lb, ranges, target.id()))
                      .distinct()
                      .toList();
              var denied =
                  all.stream()
                      .filter(range -> evaluator.evaluate(from(range, pod, port)).isDenied())
                      .toList();
              return new HealthCheckPath(
                  target,
                  all,
                  denied,
                  denied.stream().map(range -> from(range, pod, port)).toList());
            });
  }

  private static Connection from(String range, End pod, int port) {
    return new Connection(End.outside(Cidr.of(range)), pod, "TCP", port);
  }

  /** The ranges that a load balancer sends from, of the family of the target. */
  private static Stream<String> sources(
      LoadBalancer lb, Map<String, Subnet> ranges, String target) {
    return target.contains(":")
        ? Stream.of(ANY_IPV6)
        : lb.subnets().values().stream()
            .sorted()
            .map(id -> Optional.ofNullable(ranges.get(id)).map(Subnet::cidr).orElse(ANY_IPV4));
  }
}
