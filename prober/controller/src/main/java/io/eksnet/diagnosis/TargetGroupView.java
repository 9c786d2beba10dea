package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.LbPath;
import io.eksnet.model.SeriesKey.TargetPath;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A target group and all that is known of its targets, its load balancer and its Service. */
record TargetGroupView(
    Evidence evidence,
    TargetGroup group,
    List<TargetHealth> targets,
    Optional<Instant> drainingAfter,
    Probes seen) {
  private static final Duration STARTING = Duration.ofMinutes(3);

  /** What the agents got from targets, found by their names, and from load balancers. */
  record Probes(ProbeResults.Groups<TargetPath> targets, LoadBalancerResults fronts) {
    private static Probes in(Evidence evidence) {
      return new Probes(
          ProbeResults.of(evidence, TargetPath.class)
              .by(seen -> target(seen.subject().targetGroup(), seen.subject().address())),
          LoadBalancerResults.in(evidence));
    }

    private static String target(String group, String address) {
      return group + "/" + address;
    }
  }

  /** Those whose health is known. */
  static Stream<TargetGroupView> all(Evidence evidence) {
    var seen = Probes.in(evidence);
    return evidence.inventory().list(Resources.TARGET_GROUPS).stream()
        .flatMap(group -> health(group, evidence, seen).stream());
  }

  private static Optional<TargetGroupView> health(
      TargetGroup group, Evidence evidence, Probes seen) {
    return evidence.inventory().list(Resources.TARGET_HEALTH).stream()
        .filter(health -> health.targetGroupArn().equals(group.arn()))
        .findFirst()
        .flatMap(
            health ->
                health
                    .believed(evidence.inventory(), evidence.now())
                    .map(
                        targets ->
                            new TargetGroupView(
                                evidence, group, targets, health.drainingAfter(), seen)));
  }

  String scope() {
    return "target_group/" + group.name();
  }

  List<TargetHealth> unhealthy(Predicate<TargetHealth> so) {
    return targets.stream().filter(t -> t.state().equals("unhealthy")).filter(so).toList();
  }

  List<TargetHealth> healthy() {
    return in("healthy");
  }

  /** Those that are not on their way out, which takes five minutes unless it is changed. */
  List<TargetHealth> registered() {
    return targets.stream().filter(target -> !target.draining()).toList();
  }

  List<TargetHealth> in(String state) {
    return targets.stream().filter(target -> target.state().equals(state)).toList();
  }

  static boolean mismatches(TargetHealth target) {
    return target.reason().equals("Target.ResponseCodeMismatch");
  }

  static boolean timesOut(TargetHealth target) {
    return target.reason().equals("Target.Timeout");
  }

  static boolean failsToConnect(TargetHealth target) {
    return target.reason().equals("Target.FailedHealthChecks");
  }

  /**
   * Whether it may be that nothing comes back to health checks. Network load balancers tell silence
   * from a refusal in no way (API_TargetHealth: Target.Timeout is of the others only).
   */
  boolean silent(TargetHealth target) {
    return timesOut(target) || (failsToConnect(target) && !group.protocol().startsWith("HTTP"));
  }

  /** What security groups say of a port of a target; unknown when nothing is known. */
  Verdict verdict(TargetHealth target, Use use) {
    return paths(target, use).map(SecurityPath::verdict).findFirst().orElse(Verdict.UNKNOWN);
  }

  Stream<SecurityPath> paths(TargetHealth target, Use use) {
    return evidence.inventory().list(Resources.SECURITY_PATHS).stream()
        .filter(path -> path.targetGroupArn().equals(group.arn()))
        .filter(path -> path.targetId().equals(target.id()) && path.use() == use);
  }

  /** Whether the traffic or the health-check port is blocked, as far as it is known. */
  boolean blocked(TargetHealth target) {
    return Stream.of(Use.values()).anyMatch(use -> verdict(target, use) == Verdict.BLOCKED);
  }

  /** Whether neither the traffic nor the health-check port is blocked, as far as must be known. */
  boolean permitted(TargetHealth target) {
    return verdict(target, Use.TRAFFIC) == Verdict.PERMITTED && !blocked(target);
  }

  /** In which each target was checked twice, and so changed its state if it is to change it. */
  Duration untilAllAreChecked() {
    var check = group.healthCheck();
    return check.interval().plus(check.timeout()).multipliedBy(2);
  }

  /** What the agents got from this target. */
  ProbeResults<TargetPath> probes(TargetHealth target) {
    return seen.targets().of(Probes.target(group.name(), target.id()));
  }

  /** What the agents got from its load balancers, and from nobody else behind them. */
  ProbeResults<LbPath> frontProbes() {
    return new ProbeResults<>(
        loadBalancers().flatMap(lb -> seen.fronts().of(group, lb).all().stream()).toList());
  }

  Stream<LoadBalancer> loadBalancers() {
    return evidence.inventory().list(Resources.LOAD_BALANCERS).stream()
        .filter(lb -> group.loadBalancerArns().contains(lb.arn()));
  }

  /** The Service behind it, through its TargetGroupBinding. */
  Optional<KubeService> service() {
    return evidence.inventory().list(Resources.TARGET_GROUP_BINDINGS).stream()
        .filter(binding -> binding.targetGroupArn().equals(group.arn()))
        .findFirst()
        .flatMap(
            binding ->
                evidence.inventory().list(Resources.SERVICES).stream()
                    .filter(
                        service ->
                            service.namespace().equals(binding.namespace())
                                && service.name().equals(binding.service()))
                    .findFirst());
  }

  /** The backends of its Service that are to stay, if they are known. */
  Optional<List<Endpoint>> endpoints() {
    return service()
        .flatMap(KubeService::endpoints)
        .map(all -> all.stream().filter(endpoint -> !endpoint.terminating()).toList());
  }

  /** Whether any of its pods had time to start and to be registered; not if that is unknown. */
  boolean hadTimeToStart() {
    var ips = endpoints().orElse(List.of()).stream().map(Endpoint::address).toList();
    return evidence.inventory().list(Resources.SERVICE_PODS).stream()
        .filter(pod -> ips.contains(pod.ip()))
        .anyMatch(pod -> pod.since().plus(STARTING).isBefore(evidence.now()));
  }

  static List<String> ids(List<TargetHealth> targets) {
    return targets.stream().map(target -> target.id() + ":" + target.port()).toList();
  }
}
