package io.eksnet.diagnosis;

import io.eksnet.model.Phase;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;
import java.util.stream.Stream;

/** R21, R26, R27: targets are reached, and fail health checks for what is configured. */
final class TargetMisconfigured implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.targetGroups().stream()
        .flatMap(
            group ->
                Stream.of(
                        healthCheckMismatch(group, evidence),
                        portWrong(group, evidence),
                        protocolMismatch(group, evidence))
                    .flatMap(Optional::stream));
  }

  private static Optional<Finding> healthCheckMismatch(
      TargetGroupView group, EvidenceIndex evidence) {
    var mismatching =
        group.unhealthy().stream()
            .filter(target -> target.reason().equals("Target.ResponseCodeMismatch"))
            .toList();
    if (mismatching.isEmpty()) {
      return Optional.empty();
    }
    var confirmed =
        mismatching.stream()
            .anyMatch(target -> !group.probes(target).failing("http_status").isEmpty());
    var check = group.group().healthCheck();
    return Optional.of(
        Finding.builder(RootCause.TARGET_HEALTH_CHECK_MISMATCH, group.scope(), 90)
            .evidence(
                "%s: \"%s\"".formatted(group.share(mismatching), mismatching.get(0).description()))
            .evidence(
                "the health check requests %s and accepts %s"
                    .formatted(check.path(), check.matcher()))
            .evidenceIf(confirmed, "agents that send the same request get an unexpected code too")
            .supportedBy(evidence.inventory(), Resources.TARGET_HEALTH)
            .supportedIf(confirmed)
            .excludes("not a security group: the target sent an HTTP response")
            .fix(
                "check what %s responds to a request with Host <ip>:<port>, and why"
                    .formatted(check.path()),
                "set alb.ingress.kubernetes.io/healthcheck-path or success-codes to what the"
                    + " application serves")
            .build());
  }

  private static Optional<Finding> portWrong(TargetGroupView group, EvidenceIndex evidence) {
    var refused =
        group.unhealthy().stream()
            .filter(TargetGroupView::failsHealthChecks)
            .filter(target -> !group.probes(target).failing("conn_refused").isEmpty())
            .toList();
    if (refused.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.TARGET_PORT_WRONG, group.scope(), 90)
            .evidence("Target.FailedHealthChecks for " + group.share(refused))
            .evidence(
                "agents get connection refused at port %d: no process listens on it"
                    .formatted(refused.get(0).port()))
            .supportedBy(evidence.inventory(), Resources.TARGET_HEALTH)
            .excludes("not a security group: it drops packets and does not refuse connections")
            .fix(
                "set targetPort of the Service to the port on which the application listens",
                "check that the application listens on all addresses, not on 127.0.0.1")
            .build());
  }

  private static Optional<Finding> protocolMismatch(TargetGroupView group, EvidenceIndex evidence) {
    var reached =
        group.unhealthy().stream()
            .filter(TargetGroupView::failsHealthChecks)
            .filter(target -> !group.isBlocked(target))
            .filter(
                target -> !group.probes(target).matching(TargetMisconfigured::connects).isEmpty())
            .toList();
    if (reached.isEmpty()) {
      return Optional.empty();
    }
    var silent = reached.stream().anyMatch(group::mayBeSilent);
    return Optional.of(
        Finding.builder(RootCause.TARGET_PROTOCOL_MISMATCH, group.scope(), 70)
            .evidence("Target.FailedHealthChecks for " + group.share(reached))
            .evidence("agents connect to the same ports")
            .evidence("the protocol of the target group is " + group.group().protocol())
            .supportedBy(evidence.inventory(), Resources.TARGET_HEALTH)
            .excludes("not a wrong port: agents connect to it")
            .excludesIf(!silent, "not a security group: the reason would be Target.Timeout")
            .excludesIf(
                silent && reached.stream().allMatch(group::isPermitted),
                "not a security group: the rules allow the load balancer")
            .fix(
                "set alb.ingress.kubernetes.io/backend-protocol to the protocol of the application",
                "check whether it requires HTTP/2, or sends malformed HTTP responses")
            .build());
  }

  private static boolean connects(ResultWindow window) {
    return window
        .last()
        .filter(last -> last.succeeded() || last.phase().compareTo(Phase.CONNECT) > 0)
        .isPresent();
  }
}
