package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.TargetHealth;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** R22 to R25: health checks of the load balancer get no response from targets. */
final class TargetUnreachable implements TargetGroupRule {
  @Override
  public Stream<Finding.Builder> apply(TargetGroupView group) {
    return Stream.of(
            trafficPortBlocked(group),
            healthCheckPortBlocked(group),
            hung(group),
            zoneCutOff(group))
        .flatMap(Optional::stream)
        .map(finding -> finding.supportedBy(group.inventory(), Resources.SECURITY_PATHS));
  }

  private static List<TargetHealth> silent(
      TargetGroupView group, Predicate<TargetHealth> condition) {
    return group.unhealthy(target -> group.mayBeSilent(target) && condition.test(target));
  }

  private static Optional<Finding.Builder> trafficPortBlocked(TargetGroupView group) {
    var blocked = silent(group, target -> group.verdict(target, Use.TRAFFIC) == Verdict.BLOCKED);
    if (blocked.isEmpty()) {
      return Optional.empty();
    }
    var answersAgents = group.probes(blocked.get(0)).healthy().nodes();
    return Optional.of(
        portBlocked(RootCause.SECURITY_GROUP_BLOCKS_TARGET, 95, Use.TRAFFIC, blocked, group)
            .supportedIf(!answersAgents.isEmpty())
            .excludesIf(
                !answersAgents.isEmpty(),
                "not the application: it answers agents on " + FindingText.list(answersAgents))
            .fix(
                "check why the AWS Load Balancer Controller did not add the rule: security groups"
                    + " set by annotation without manage-backend-security-group-rules, or not"
                    + " exactly one security group of the interface tagged for the cluster"));
  }

  private static Optional<Finding.Builder> healthCheckPortBlocked(TargetGroupView group) {
    var blocked =
        silent(
            group,
            target ->
                group.verdict(target, Use.TRAFFIC) == Verdict.PERMITTED
                    && group.verdict(target, Use.HEALTH_CHECK) == Verdict.BLOCKED);
    if (blocked.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        portBlocked(
                RootCause.SECURITY_GROUP_BLOCKS_HEALTH_CHECK, 90, Use.HEALTH_CHECK, blocked, group)
            .excludes("not the traffic port: it is open")
            .fix("or use the traffic port for health checks"));
  }

  private static Finding.Builder portBlocked(
      RootCause cause, int percent, Use use, List<TargetHealth> blocked, TargetGroupView group) {
    var first = blocked.get(0);
    var path = group.path(first, use).orElseThrow();
    return group
        .finding(cause, percent)
        .evidence("%s for %s".formatted(first.reason(), group.share(blocked)))
        .evidence(
            "%s %d of %s is not open to the load balancer: %s"
                .formatted(
                    use == Use.TRAFFIC ? "port" : "health-check port",
                    path.port(),
                    path.interfaceId(),
                    path.reason()))
        .fix(
            "allow port %d from the security groups of the load balancer in those of the target"
                .formatted(path.port()));
  }

  private static Optional<Finding.Builder> hung(TargetGroupView group) {
    var hung =
        silent(
            group,
            target -> group.isPermitted(target) && group.probes(target).allFailing("timeout"));
    if (hung.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        group
            .finding(RootCause.TARGET_HUNG, 70)
            .evidence(
                "health checks and the probes of all agents time out for " + group.share(hung))
            .excludes("not a security group: the rules allow the load balancer")
            .fix(
                "check whether the application hangs: threads, database, limits",
                "check whether a NetworkPolicy blocks other clients"));
  }

  private static Optional<Finding.Builder> zoneCutOff(TargetGroupView group) {
    var cutOff =
        silent(group, target -> group.isPermitted(target) && group.probes(target).allHealthy());
    var zones = cutOff.stream().map(TargetHealth::zone).distinct().toList();
    if (zones.size() != 1 || zones.get(0).isEmpty()) {
      return Optional.empty();
    }
    var zone = zones.get(0);
    var elsewhere = group.healthy().stream().filter(t -> !t.zone().equals(zone)).count();
    if (elsewhere == 0) {
      return Optional.empty();
    }
    return Optional.of(
        group
            .finding(RootCause.NACL_OR_ROUTE, 70)
            .evidence(
                "%d targets do not respond to health checks, all of them in %s (%s)"
                    .formatted(cutOff.size(), zone, TargetGroupView.list(cutOff)))
            .evidence("%d targets in other zones are healthy".formatted(elsewhere))
            .excludes("not a security group: the rules allow the load balancer")
            .excludes("not the application: agents reach the same targets")
            .fix(
                "check that the network ACLs in %s allow ports 1024-65535 to the load balancer"
                    .formatted(zone),
                "check their route tables")
            .holdFor(group.twoHealthChecks()));
  }
}
