package io.eksnet.diagnosis;

import io.eksnet.model.Phase;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.TargetHealth;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** R21, R26, R27, R33: targets are reached, and the configuration does not match them. */
final class TargetMisconfigured implements TargetGroupRule {
  @Override
  public Stream<Finding.Builder> apply(TargetGroupView group) {
    return Stream.of(
            healthCheckMismatch(group),
            portWrong(group),
            protocolMismatch(group),
            zoneNotEnabled(group))
        .flatMap(Optional::stream);
  }

  private static Optional<Finding.Builder> healthCheckMismatch(TargetGroupView group) {
    var mismatching =
        group.unhealthy(target -> target.reason().equals("Target.ResponseCodeMismatch"));
    if (mismatching.isEmpty()) {
      return Optional.empty();
    }
    var confirmed =
        mismatching.stream()
            .anyMatch(target -> !group.probes(target).failing("http_status").isEmpty());
    var check = group.group().healthCheck();
    return Optional.of(
        group
            .finding(RootCause.TARGET_HEALTH_CHECK_MISMATCH, 90)
            .supportedIf(confirmed)
            .evidence(
                "%s: \"%s\"".formatted(group.share(mismatching), mismatching.get(0).description()))
            .evidence(
                "the health check requests %s and accepts %s"
                    .formatted(check.path(), check.matcher()))
            .evidenceIf(confirmed, "agents that send the same request get an unexpected code too")
            .excludes("not a security group: the target sent an HTTP response")
            .fix(
                "check what %s responds to a request with Host <ip>:<port>, and why"
                    .formatted(check.path()),
                "set alb.ingress.kubernetes.io/healthcheck-path or success-codes to what the"
                    + " application serves"));
  }

  private static Optional<Finding.Builder> portWrong(TargetGroupView group) {
    var refused =
        group.unhealthy(
            target ->
                TargetGroupView.failsHealthChecks(target)
                    && !group.probes(target).failing("conn_refused").isEmpty());
    if (refused.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        group
            .finding(RootCause.TARGET_PORT_WRONG, 90)
            .evidence("Target.FailedHealthChecks for " + group.share(refused))
            .evidence(
                "agents get connection refused at port %d: no process listens on it"
                    .formatted(refused.get(0).port()))
            .excludes("not a security group: it drops packets and does not refuse connections")
            .fix(
                "set targetPort of the Service to the port on which the application listens",
                "check that the application listens on all addresses, not on 127.0.0.1"));
  }

  private static Optional<Finding.Builder> protocolMismatch(TargetGroupView group) {
    var reached =
        group.unhealthy(
            target ->
                TargetGroupView.failsHealthChecks(target)
                    && !group.isBlocked(target)
                    && !group.probes(target).matching(TargetMisconfigured::connects).isEmpty());
    if (reached.isEmpty()) {
      return Optional.empty();
    }
    var silent = reached.stream().anyMatch(group::mayBeSilent);
    return Optional.of(
        group
            .finding(RootCause.TARGET_PROTOCOL_MISMATCH, 70)
            .evidence("Target.FailedHealthChecks for " + group.share(reached))
            .evidence("agents connect to the same ports")
            .evidence("the protocol of the target group is " + group.group().protocol())
            .excludes("not a wrong port: agents connect to it")
            .excludesIf(!silent, "not a security group: the reason would be Target.Timeout")
            .excludesIf(
                silent && reached.stream().allMatch(group::isPermitted),
                "not a security group: the rules allow the load balancer")
            .fix(
                "set alb.ingress.kubernetes.io/backend-protocol to the protocol of the application",
                "check whether it requires HTTP/2, or sends malformed HTTP responses"));
  }

  private static boolean connects(ResultWindow window) {
    return window
        .last()
        .filter(last -> last.succeeded() || last.phase().compareTo(Phase.CONNECT) > 0)
        .isPresent();
  }

  private static Optional<Finding.Builder> zoneNotEnabled(TargetGroupView group) {
    var unused =
        group.inState("unused").stream().filter(TargetMisconfigured::isForItsZone).toList();
    if (unused.isEmpty()) {
      return Optional.empty();
    }
    var zones = unused.stream().map(TargetHealth::zone).distinct().toList();
    return Optional.of(
        group
            .finding(RootCause.TARGET_ZONE_NOT_ENABLED, 90)
            .evidence(
                "%d targets are unused: \"%s\""
                    .formatted(unused.size(), unused.get(0).description()))
            .fix(
                "add a subnet in %s to the load balancer".formatted(FindingText.list(zones)),
                "or enable cross-zone load balancing"));
  }

  private static boolean isForItsZone(TargetHealth target) {
    return target.reason().equals("Target.NotInUse")
        && target.description().toLowerCase(Locale.ROOT).contains("availability zone");
  }
}
