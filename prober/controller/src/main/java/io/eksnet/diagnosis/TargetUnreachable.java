package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.SubnetPaths.Denial;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** R22 to R25: health checks of the load balancer get no response from targets. */
final class TargetUnreachable implements TargetGroupRule {
  /** Paths with the same reason except the port lack the same rule. */
  private static final Pattern PORT = Pattern.compile("\\b(tcp|udp) \\d+ ");

  /** A target group with targets that a security group blocks, and why. */
  private record Blocked(TargetGroupView group, List<TargetHealth> targets, SecurityPath path) {
    private String rule() {
      return PORT.matcher(path.reason()).replaceAll("");
    }
  }

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(TargetGroupRule.super.apply(evidence), trafficPortBlocked(evidence));
  }

  @Override
  public Stream<Finding.Builder> apply(TargetGroupView group) {
    return Stream.of(healthCheckPortBlocked(group), hung(group), slow(group), zonesCutOff(group))
        .flatMap(Optional::stream)
        .map(finding -> finding.supportedBy(group.inventory(), Resources.SECURITY_PATHS));
  }

  private static List<TargetHealth> silent(
      TargetGroupView group, Predicate<TargetHealth> condition) {
    return group.unhealthy(target -> group.mayBeSilent(target) && condition.test(target));
  }

  /** One finding for each missing rule, however many target groups need it. */
  private static Stream<Finding> trafficPortBlocked(EvidenceIndex evidence) {
    return evidence.targetGroups().stream()
        .flatMap(group -> blocked(group).stream())
        .collect(groupingBy(Blocked::rule, TreeMap::new, toList()))
        .values()
        .stream()
        .map(blocked -> missingRule(blocked, evidence));
  }

  /** The ARNs of the target groups whose traffic port a security group blocks. */
  static Set<String> blockedGroups(EvidenceIndex evidence) {
    return evidence.targetGroups().stream()
        .filter(group -> blocked(group).isPresent())
        .map(group -> group.group().arn())
        .collect(toUnmodifiableSet());
  }

  private static Optional<Blocked> blocked(TargetGroupView group) {
    var blocked = silent(group, target -> group.verdict(target, Use.TRAFFIC) == Verdict.BLOCKED);
    return blocked.stream()
        .findFirst()
        .flatMap(first -> group.path(first, Use.TRAFFIC))
        .map(path -> new Blocked(group, blocked, path));
  }

  private static Finding missingRule(List<Blocked> all, EvidenceIndex evidence) {
    var first = all.get(0);
    var group = first.group();
    var probes = group.probes(first.targets().get(0));
    var answersAgents = probes.healthy().nodes();
    var unprobed = probes.isEmpty() && group.group().targetType().equals("instance");
    var percent = unprobed ? 85 : 95;
    var others = all.stream().skip(1).map(other -> other.group().group().name()).toList();
    var reported = securityGroupError(all, evidence);
    return portBlocked(
            RootCause.SECURITY_GROUP_BLOCKS_TARGET, percent, Use.TRAFFIC, first.targets(), group)
        .supportedIf(unprobed || !answersAgents.isEmpty())
        .supportedBy(group.inventory(), Resources.SECURITY_PATHS)
        .evidenceIf(
            !others.isEmpty(),
            "targets of %d other target groups lack the same rule: %s"
                .formatted(others.size(), FindingText.list(others)))
        .affects(others.stream().map(name -> "target_group/" + name).toList())
        .excludesIf(
            !answersAgents.isEmpty(),
            "not the application: it answers agents on " + FindingText.list(answersAgents))
        .evidenceIf(
            reported.isPresent(),
            "the AWS Load Balancer Controller reports: \"%s\"".formatted(reported.orElse("")))
        .fix(
            reported.isPresent()
                ? ReconcileRemedy.of(ReconcileCause.SG)
                : "check why the AWS Load Balancer Controller did not add the rule: security groups"
                    + " set by annotation without manage-backend-security-group-rules, or not"
                    + " exactly one security group of the interface tagged for the cluster")
        .build();
  }

  /** Why the controller did not add the rule, if it reported a reason. */
  private static Optional<String> securityGroupError(List<Blocked> all, EvidenceIndex evidence) {
    var groups = all.stream().map(blocked -> blocked.group().group().arn()).toList();
    return evidence.list(Resources.TARGET_GROUP_BINDINGS).stream()
        .filter(binding -> groups.contains(binding.targetGroupArn()))
        .flatMap(binding -> binding.reconcile().filter(Reconcile::failing).stream())
        .filter(last -> last.cause() == ReconcileCause.SG)
        .map(Reconcile::message)
        .findFirst();
  }

  private static Optional<Finding.Builder> healthCheckPortBlocked(TargetGroupView group) {
    var blocked =
        silent(
            group,
            target ->
                group.verdict(target, Use.TRAFFIC) != Verdict.BLOCKED
                    && group.verdict(target, Use.HEALTH_CHECK) == Verdict.BLOCKED);
    if (blocked.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        portBlocked(
                RootCause.SECURITY_GROUP_BLOCKS_HEALTH_CHECK, 90, Use.HEALTH_CHECK, blocked, group)
            .excludesIf(isTrafficPermitted(blocked, group), "not the traffic port: it is open")
            .fix(
                isTrafficPermitted(blocked, group)
                    ? "or use the traffic port for health checks"
                    : "allow the addresses of its clients too, where it preserves them"));
  }

  private static boolean isTrafficPermitted(List<TargetHealth> targets, TargetGroupView group) {
    return targets.stream()
        .allMatch(target -> group.verdict(target, Use.TRAFFIC) == Verdict.PERMITTED);
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
        .fix(allow(path, use, group))
        .fix(
            "see whether the targets become healthy: "
                + AwsCommand.of(group.inventory())
                    .of(
                        "elbv2 describe-target-health",
                        "--target-group-arn %s --query 'TargetHealthDescriptions[].TargetHealth'"
                            .formatted(group.group().arn()))
                + ": after about a minute");
  }

  /** With a command if the groups at both ends are known. */
  private static String allow(SecurityPath path, Use use, TargetGroupView group) {
    var isEgress = path.reason().startsWith("no egress");
    var step =
        (isEgress
                ? "allow port %d to the targets in the egress rules of the security groups of the"
                    + " load balancer"
                : "allow port %d from the security groups of the load balancer in those of the"
                    + " target")
            .formatted(path.port());
    var balancer =
        group.inventory().list(Resources.LOAD_BALANCERS).stream()
            .filter(lb -> lb.arn().equals(path.loadBalancerArn()))
            .flatMap(lb -> lb.securityGroups().stream())
            .findFirst();
    if (balancer.isEmpty() || path.groups().isEmpty()) {
      return step;
    }
    var target = path.groups().get(0);
    var protocol = use == Use.TRAFFIC && group.group().protocol().equals("UDP") ? "udp" : "tcp";
    return step
        + ": "
        + AwsCommand.of(group.inventory())
            .of(
                isEgress
                    ? "ec2 authorize-security-group-egress"
                    : "ec2 authorize-security-group-ingress",
                "--group-id %s --protocol %s --port %d --source-group %s"
                    .formatted(
                        isEgress ? balancer.get() : target,
                        protocol,
                        path.port(),
                        isEgress ? target : balancer.get()));
  }

  private static Optional<Finding.Builder> hung(TargetGroupView group) {
    var hung =
        silent(
            group,
            target ->
                group.isPermitted(target)
                    && !group.isDenied(target)
                    && group.probes(target).allFailing("timeout"));
    if (hung.isEmpty()) {
      return Optional.empty();
    }
    var accepting = hung.stream().allMatch(target -> acceptsConnections(group.probes(target)));
    var finding =
        group
            .finding(RootCause.TARGET_HUNG, accepting ? 85 : 70)
            .evidence(
                "health checks and the probes of all agents time out for " + group.share(hung))
            .excludes("not a security group: the rules allow the load balancer")
            .excludesIf(accepting, "not the network: agents connect and get no response")
            .fix("check whether the application hangs: threads, database, limits");
    return Optional.of(
        accepting ? finding : finding.fix("check whether a NetworkPolicy blocks other clients"));
  }

  /** Whether the last run of each agent timed out after it connected. */
  private static boolean acceptsConnections(ProbeResults<TargetKey> probes) {
    return probes
            .matching(
                window ->
                    window
                        .last()
                        .filter(run -> run.phase().compareTo(Phase.CONNECT) > 0)
                        .isPresent())
            .size()
        == probes.size();
  }

  /** Agents get a response, after the time for which health checks wait. */
  private static Optional<Finding.Builder> slow(TargetGroupView group) {
    var timeout = group.group().healthCheck().timeout();
    var slow =
        silent(group, target -> group.isPermitted(target) && isSlow(group.probes(target), timeout));
    if (slow.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        group
            .finding(RootCause.TARGET_HUNG, 85)
            .evidence("%s for %s".formatted(slow.get(0).reason(), group.share(slow)))
            .evidence(
                "agents get a response after %d ms, health checks wait for %d ms"
                    .formatted(slowest(group.probes(slow.get(0))), timeout.toMillis()))
            .excludes("not a security group: the rules allow the load balancer")
            .fix(
                "make the response of the health check faster",
                "or raise the timeout of the health check"));
  }

  private static boolean isSlow(ProbeResults<TargetKey> probes, Duration timeout) {
    return probes.allHealthy()
        && !timeout.isZero()
        && probes.series().stream()
            .allMatch(
                one -> one.window().last().filter(r -> r.took() >= timeout.toMillis()).isPresent());
  }

  private static long slowest(ProbeResults<TargetKey> probes) {
    return probes.series().stream()
        .flatMap(one -> one.window().last().stream())
        .mapToLong(Result::took)
        .max()
        .orElse(0);
  }

  /**
   * Targets that agents reach and the load balancer does not, although security groups allow it:
   * all targets of some zones, as a network ACL and a route table belong to subnets.
   */
  private static Optional<Finding.Builder> zonesCutOff(TargetGroupView group) {
    var timeout = group.group().healthCheck().timeout();
    var cutOff =
        silent(
            group,
            target ->
                group.isPermitted(target)
                    && group.denials(target).stream().noneMatch(Denial::complete)
                    && group.probes(target).allHealthy()
                    && !isSlow(group.probes(target), timeout));
    var zones = cutOff.stream().map(TargetHealth::zone).distinct().sorted().toList();
    if (zones.isEmpty()
        || zones.contains("")
        || group.healthy().stream().anyMatch(target -> zones.contains(target.zone()))) {
      return Optional.empty();
    }
    var elsewhere = group.healthy().size();
    var names = FindingText.list(zones);
    var allowed = cutOff.stream().allMatch(group::isAllowedByAcls);
    var finding =
        group
            .finding(RootCause.NACL_OR_ROUTE, elsewhere > 0 ? 70 : 60)
            .evidence(
                "%d targets do not respond to health checks, all of them in %s (%s)"
                    .formatted(cutOff.size(), names, TargetGroupView.list(cutOff)))
            .evidenceIf(elsewhere > 0, "%d targets in other zones are healthy".formatted(elsewhere))
            .excludes("not a security group: the rules allow the load balancer")
            .excludes("not the application: agents reach the same targets")
            .excludesIf(allowed, "not a network ACL: those of the subnets allow the health checks");
    if (!allowed) {
      finding.fix(
          "check that the network ACLs in %s allow ports 1024-65535 to the load balancer"
              .formatted(names));
    }
    return Optional.of(
        finding
            .fix("check their route tables", "check whether a NetworkPolicy allows other pods only")
            .holdFor(group.twoHealthChecks()));
  }
}
