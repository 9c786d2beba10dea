package io.eksnet.diagnosis;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LocalTrafficPolicy;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.SubnetPaths.Client;
import io.eksnet.model.inventory.SubnetPaths.Connection;
import io.eksnet.model.inventory.SubnetPaths.Denial;
import io.eksnet.model.inventory.SubnetPaths.Protocol;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.plan.LbRoutes;
import io.eksnet.plan.LbRoutes.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A target group with its targets, its Service and the probe results of both ends.
 *
 * @param loadBalancers that use it
 * @param targets without those that are unhealthy by design
 * @param drainingAfter targets that drain now started after this; empty if unknown
 * @param paths security paths by target and use
 * @param targetResults probe results by target id
 * @param vpc the subnets of both ends
 * @param lbResults responses of this group through its load balancers. Where several groups share a
 *     load balancer, only those to hosts that are routed to this one
 * @param service behind its TargetGroupBinding
 * @param podStarts when the pods of the Service started
 * @param hasSettledPod whether a pod of the Service has had time to start and to be registered;
 *     false if unknown
 */
record TargetGroupView(
    Inventory inventory,
    TargetGroup group,
    List<LoadBalancer> loadBalancers,
    List<TargetHealth> targets,
    Optional<Instant> drainingAfter,
    Map<PathKey, SecurityPath> paths,
    VpcPaths vpc,
    Map<String, ProbeResults<TargetKey>> targetResults,
    ProbeResults<LbKey> lbResults,
    Optional<KubeService> service,
    List<Instant> podStarts,
    boolean hasSettledPod) {
  private static final Set<String> SUBNET_ANNOTATIONS =
      Set.of(KubeIngress.SUBNETS, "service.beta.kubernetes.io/aws-load-balancer-subnets");

  record PathKey(String targetId, Use use) {}

  /** Starts a finding about this target group, from the health of its targets. */
  Finding.Builder finding(RootCause cause, int percent) {
    return Finding.builder(cause, "target_group/" + group.name(), percent)
        .supportedBy(inventory, Resources.TARGET_HEALTH);
  }

  List<TargetHealth> unhealthy(Predicate<TargetHealth> condition) {
    return inState("unhealthy").stream().filter(condition).toList();
  }

  List<TargetHealth> healthy() {
    return inState("healthy");
  }

  List<TargetHealth> inState(String state) {
    return targets.stream().filter(target -> target.state().equals(state)).toList();
  }

  /** Targets that are not draining, which takes five minutes by default. */
  List<TargetHealth> registered() {
    return targets.stream().filter(target -> !target.draining()).toList();
  }

  static boolean timesOut(TargetHealth target) {
    return target.reason().equals("Target.Timeout");
  }

  static boolean failsHealthChecks(TargetHealth target) {
    return target.reason().equals("Target.FailedHealthChecks");
  }

  /** Whether a network load balancer uses it: those of others speak HTTP or HTTPS to targets. */
  boolean isNetwork() {
    return !group.protocol().startsWith("HTTP");
  }

  /**
   * Whether health checks may get no response at all. Network load balancers report silence, a
   * refused connection and an unexpected code alike (ELB API, TargetHealth: only Application and
   * Gateway Load Balancers report Target.Timeout and Target.ResponseCodeMismatch).
   */
  boolean mayBeSilent(TargetHealth target) {
    return timesOut(target) || (failsHealthChecks(target) && isNetwork());
  }

  Optional<SecurityPath> path(TargetHealth target, Use use) {
    return Optional.ofNullable(paths.get(new PathKey(target.id(), use)));
  }

  Verdict verdict(TargetHealth target, Use use) {
    return path(target, use).map(SecurityPath::verdict).orElse(Verdict.UNKNOWN);
  }

  /** Whether the traffic port or the health-check port is known to be blocked. */
  boolean isBlocked(TargetHealth target) {
    return Stream.of(Use.values()).anyMatch(use -> verdict(target, use) == Verdict.BLOCKED);
  }

  /**
   * Whether health checks are permitted. Where only the traffic port is known, they use it too by
   * default.
   */
  boolean isPermitted(TargetHealth target) {
    return !isBlocked(target)
        && Stream.of(Use.values()).anyMatch(use -> verdict(target, use) == Verdict.PERMITTED);
  }

  /**
   * Health checks of a target, from each subnet of its load balancers; empty if one of the subnets
   * is unknown. They are TCP for all protocols (NLB User Guide, "Health checks").
   */
  private List<Connection> healthChecks(TargetHealth target) {
    var port = target.healthCheckPort() > 0 ? target.healthCheckPort() : target.port();
    return vpc.target(target).stream()
        .flatMap(
            to ->
                loadBalancers.stream()
                    .flatMap(lb -> vpc.loadBalancer(lb).stream())
                    .map(from -> new Connection(from, to, Protocol.TCP, port, Client.AWS)))
        .toList();
  }

  /** What network ACLs deny of the health checks of a target. */
  List<Denial> denials(TargetHealth target) {
    return healthChecks(target).stream()
        .flatMap(check -> vpc.denial(check).stream())
        .distinct()
        .toList();
  }

  /** Whether network ACLs deny all health checks of a target. */
  boolean isDenied(TargetHealth target) {
    var checks = healthChecks(target);
    return !checks.isEmpty()
        && checks.stream()
            .allMatch(check -> vpc.denial(check).filter(Denial::complete).isPresent());
  }

  /** Whether network ACLs are known to allow all health checks of a target. */
  boolean isAllowedByAcls(TargetHealth target) {
    var checks = healthChecks(target);
    return !checks.isEmpty()
        && checks.stream()
            .allMatch(check -> vpc.areAclsKnown(check) && vpc.denial(check).isEmpty());
  }

  ProbeResults<TargetKey> probes(TargetHealth target) {
    return targetResults.getOrDefault(target.id(), ProbeResults.none());
  }

  /** The time in which each target is checked twice, and so has changed its state if it will. */
  Duration twoHealthChecks() {
    var check = group.healthCheck();
    return check.interval().plus(check.timeout()).multipliedBy(2);
  }

  /** The endpoints of its Service that are not terminating; empty if unknown. */
  Optional<List<Endpoint>> endpoints() {
    return service.flatMap(TargetGroupView::endpoints);
  }

  private static Optional<List<Endpoint>> endpoints(KubeService service) {
    return service
        .endpoints()
        .map(all -> all.stream().filter(endpoint -> !endpoint.terminating()).toList());
  }

  /** Whether an annotation names the subnets of a load balancer, and so its zones. */
  boolean hasChosenSubnets() {
    return Stream.concat(
            inventory.list(Resources.INGRESSES).stream()
                .filter(ingress -> isOf(ingress.addresses()))
                .map(ingress -> ingress.annotations().keySet()),
            inventory.list(Resources.SERVICES).stream()
                .filter(it -> isOf(it.addresses()))
                .map(it -> it.annotations().keySet()))
        .anyMatch(keys -> keys.stream().anyMatch(SUBNET_ANNOTATIONS::contains));
  }

  private boolean isOf(List<String> addresses) {
    return addresses.stream()
        .anyMatch(
            address ->
                loadBalancers.stream().anyMatch(lb -> lb.dnsName().equalsIgnoreCase(address)));
  }

  /** Whether a load balancer may be put into one of these zones; true if that is unknown. */
  boolean isEligible(List<String> zones) {
    return inventory
        .get(Resources.LB_SUBNETS)
        .filter(
            candidates ->
                candidates.stream()
                    .noneMatch(
                        one -> one.eligible() && zones.contains(one.zone()) && isScheme(one)))
        .isEmpty();
  }

  private boolean isScheme(Eligibility candidate) {
    return loadBalancers.stream().anyMatch(lb -> lb.scheme() == candidate.scheme());
  }

  /** Such as {@code 2 of 3 targets (10.0.0.1:8080, 10.0.0.2:8080)}. */
  String share(List<TargetHealth> some) {
    return "%d of %d targets (%s)".formatted(some.size(), targets.size(), list(some));
  }

  static String list(List<TargetHealth> targets) {
    return FindingText.list(
        targets.stream().map(target -> target.id() + ":" + target.port()).toList());
  }

  /** The target groups whose health is known. */
  static List<TargetGroupView> all(EvidenceIndex evidence) {
    var factory = new Factory(evidence);
    return evidence.list(Resources.TARGET_GROUPS).stream()
        .flatMap(group -> factory.view(group).stream())
        .toList();
  }

  /** Joins what belongs to a target group. */
  private static final class Factory {
    private static final Duration POD_START = Duration.ofMinutes(3);

    private final EvidenceIndex evidence;
    private final Map<String, GroupHealth> health;
    private final Map<String, LoadBalancer> loadBalancers;
    private final Map<String, KubeService> services;
    private final Map<String, List<ServicePod>> podsByIp;
    private final Map<String, List<TargetGroupBinding>> bindings;
    private final Map<String, List<SecurityPath>> paths;
    private final Map<String, ProbeResults<TargetKey>> targetResults;
    private final Map<String, ProbeResults<LbKey>> lbResults;
    private final Map<String, Long> groupsOfLb;
    private final Map<String, LbRoutes> routes;
    private final Map<String, String> instanceIds;
    private final Map<String, String> instanceIdsByAddress;

    Factory(EvidenceIndex evidence) {
      this.evidence = evidence;
      this.health = evidence.byKey(Resources.TARGET_HEALTH, GroupHealth::targetGroupArn);
      this.loadBalancers = evidence.byKey(Resources.LOAD_BALANCERS, LoadBalancer::arn);
      this.services = evidence.byKey(Resources.SERVICES, s -> name(s.namespace(), s.name()));
      this.podsByIp =
          evidence.list(Resources.SERVICE_PODS).stream().collect(groupingBy(ServicePod::ip));
      this.bindings =
          evidence.list(Resources.TARGET_GROUP_BINDINGS).stream()
              .collect(groupingBy(TargetGroupBinding::targetGroupArn));
      this.paths =
          evidence.list(Resources.SECURITY_PATHS).stream()
              .collect(groupingBy(SecurityPath::targetGroupArn));
      this.targetResults =
          evidence.results(TargetKey.class).groupBy(one -> one.key().targetGroup());
      this.lbResults = evidence.results(LbKey.class).groupBy(one -> one.key().lb());
      this.groupsOfLb =
          evidence.list(Resources.TARGET_GROUPS).stream()
              .flatMap(group -> group.loadBalancerArns().stream())
              .collect(groupingBy(Function.identity(), counting()));
      this.instanceIds =
          evidence.list(Resources.NODES).stream()
              .collect(toMap(KubeNode::name, KubeNode::instanceId, (first, next) -> first));
      this.instanceIdsByAddress =
          evidence.list(Resources.NODES).stream()
              .filter(node -> !node.instanceId().isEmpty() && !node.addresses().isEmpty())
              .collect(
                  toMap(
                      node -> node.addresses().get(0),
                      KubeNode::instanceId,
                      (first, next) -> first));
      this.routes =
          loadBalancers.values().stream()
              .filter(this::isShared)
              .collect(toMap(LoadBalancer::arn, lb -> LbRoutes.of(lb, evidence.inventory())));
    }

    Optional<TargetGroupView> view(TargetGroup group) {
      var known = Optional.ofNullable(health.get(group.arn()));
      return known
          .flatMap(one -> one.targetsIfFresh(evidence.inventory(), evidence.now()))
          .map(targets -> view(group, targets, known.flatMap(GroupHealth::drainingAfter)));
    }

    private TargetGroupView view(
        TargetGroup group, List<TargetHealth> targets, Optional<Instant> drainingAfter) {
      var its = bindings.getOrDefault(group.arn(), List.of());
      var service =
          its.stream()
              .findFirst()
              .flatMap(binding -> service(binding.namespace(), binding.service()));
      return new TargetGroupView(
          evidence.inventory(),
          group,
          loadBalancers(group).toList(),
          targets.stream()
              .filter(
                  target ->
                      !LocalTrafficPolicy.isUnhealthyByDesign(target, group, service, instanceIds))
              .toList(),
          drainingAfter,
          paths.getOrDefault(group.arn(), List.of()).stream()
              .collect(
                  toMap(
                      path -> new PathKey(path.targetId(), path.use()),
                      path -> path,
                      (first, next) -> first)),
          evidence.vpcPaths(),
          targetResults
              .getOrDefault(group.name(), ProbeResults.none())
              .groupBy(one -> targetId(group, one.key().address())),
          lbResults(group, its),
          service,
          pods(service).map(ServicePod::since).toList(),
          pods(service).anyMatch(pod -> pod.since().plus(POD_START).isBefore(evidence.now())));
    }

    /** Agents probe instances at the address of their node. */
    private String targetId(TargetGroup group, String address) {
      return group.targetType().equals("instance")
          ? instanceIdsByAddress.getOrDefault(address, address)
          : address;
    }

    private Stream<ServicePod> pods(Optional<KubeService> service) {
      return service.flatMap(TargetGroupView::endpoints).stream()
          .flatMap(List::stream)
          .flatMap(endpoint -> podsByIp.getOrDefault(endpoint.address(), List.of()).stream());
    }

    private Optional<KubeService> service(String namespace, String name) {
      return Optional.ofNullable(services.get(name(namespace, name)));
    }

    private boolean isShared(LoadBalancer lb) {
      return groupsOfLb.getOrDefault(lb.arn(), 0L) > 1;
    }

    private ProbeResults<LbKey> lbResults(TargetGroup group, List<TargetGroupBinding> its) {
      return new ProbeResults<>(
          loadBalancers(group).flatMap(lb -> lbResults(lb, its).series().stream()).toList());
    }

    private Stream<LoadBalancer> loadBalancers(TargetGroup group) {
      return group.loadBalancerArns().stream()
          .flatMap(arn -> Optional.ofNullable(loadBalancers.get(arn)).stream());
    }

    private ProbeResults<LbKey> lbResults(LoadBalancer lb, List<TargetGroupBinding> its) {
      var all = lbResults.getOrDefault(lb.name(), ProbeResults.none());
      if (!isShared(lb)) {
        return all;
      }
      if (lb.type().equals("network")) {
        return all.where(path -> its.stream().anyMatch(binding -> isPort(binding, path)));
      }
      var hosts = hosts(routes.getOrDefault(lb.arn(), LbRoutes.NONE), its);
      return all.where(path -> hosts.contains(host(path)));
    }

    /** The listeners of a network load balancer have the ports of its Service. */
    private boolean isPort(TargetGroupBinding binding, LbKey path) {
      return binding.servicePort().equals(path.listener())
          || service(binding.namespace(), binding.service())
              .map(KubeService::ports)
              .orElse(List.of())
              .stream()
              .anyMatch(port -> is(port, binding.servicePort()) && is(port, path.listener()));
    }

    /** The hosts that are routed to a backend of these bindings. */
    private Set<String> hosts(LbRoutes ofLb, List<TargetGroupBinding> its) {
      return ofLb.byHost().entrySet().stream()
          .filter(route -> its.stream().anyMatch(binding -> binds(binding, route.getValue())))
          .map(Map.Entry::getKey)
          .collect(Collectors.toSet());
    }

    /** A listener label is a port and, for load balancers with hosts, a host. */
    private static String host(LbKey path) {
      var space = path.listener().indexOf(' ');
      return space < 0 ? "" : path.listener().substring(space + 1);
    }

    private boolean binds(TargetGroupBinding binding, Backend backend) {
      return binding.namespace().equals(backend.namespace())
          && binding.service().equals(backend.service())
          && (binding.servicePort().equals(backend.port())
              || service(backend.namespace(), backend.service())
                  .map(KubeService::ports)
                  .orElse(List.of())
                  .stream()
                  .anyMatch(port -> is(port, binding.servicePort()) && is(port, backend.port())));
    }

    private static boolean is(ServicePort port, String nameOrNumber) {
      return nameOrNumber.equals(port.name()) || nameOrNumber.equals(Integer.toString(port.port()));
    }

    private static String name(String namespace, String name) {
      return namespace + "/" + name;
    }
  }
}
