package io.eksnet.diagnosis;

import io.eksnet.diagnosis.ProbeResults.Series;
import io.eksnet.model.SeriesKey.LbPath;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;
import java.util.stream.Stream;

/** R28, R29, R30, R34: requests through a load balancer get 5xx responses. */
final class LoadBalancerErrors implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(
        evidence.targetGroups().stream()
            .flatMap(
                group ->
                    Stream.of(
                            failingOpen(group, evidence),
                            rolloutWithoutDrain(group, evidence),
                            keepaliveTooShort(group, evidence))
                        .flatMap(Optional::stream)),
        applicationErrors(evidence));
  }

  /** 504: with no healthy target, a load balancer sends requests to all of them. */
  private static Optional<Finding> failingOpen(TargetGroupView group, EvidenceIndex evidence) {
    var timingOut = group.unhealthy().stream().filter(TargetGroupView::timesOut).count();
    var errors = group.lbResults().matching(window -> LbResponses.steadily(504, window));
    if (timingOut == 0 || timingOut < group.targets().size() || errors.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.TARGET_GROUP_FAILING_OPEN, group.scope(), 90)
            .evidence("all %d targets are unhealthy with Target.Timeout".formatted(timingOut))
            .evidence(
                "the load balancer itself responds 504 to "
                    + FindingText.share(errors.nodes(), group.lbResults().nodes()))
            .supportedBy(evidence.inventory(), Resources.TARGET_HEALTH)
            .excludes("not a response of the application: the load balancer sent it")
            .fix("fix what makes health checks time out: security group, port or application")
            .build());
  }

  /** 502 since targets started to drain. Earlier ones have another cause; one may be chance. */
  private static Optional<Finding> rolloutWithoutDrain(
      TargetGroupView group, EvidenceIndex evidence) {
    var draining = group.inState("draining").size();
    var errors =
        group.lbResults().matching(window -> sinceDraining(group, window).findAny().isPresent());
    if (draining == 0 || errors.isEmpty() || !group.unhealthy().isEmpty()) {
      return Optional.empty();
    }
    var count = errors.series().stream().flatMap(one -> sinceDraining(group, one.window())).count();
    return Optional.of(
        Finding.builder(RootCause.ROLLOUT_WITHOUT_DRAIN, group.scope(), 80)
            .evidence("%d targets are draining".formatted(draining))
            .evidence(
                "the load balancer itself responded 502 to " + FindingText.list(errors.nodes()))
            .supportedBy(evidence.inventory(), Resources.TARGET_HEALTH)
            .supportedIf(group.drainingAfter().isPresent())
            .supportedIf(count > 1)
            .fix(
                "add a preStop sleep to the pods that is longer than deregistration takes",
                "inject readiness gates (elbv2.k8s.aws/pod-readiness-gate-inject=enabled)",
                "raise deregistration_delay.timeout_seconds above the longest request")
            .build());
  }

  private static Stream<Result> sinceDraining(TargetGroupView group, ResultWindow window) {
    return LbResponses.occasional(502, window)
        .filter(result -> group.drainingAfter().map(result.at()::isAfter).orElse(true));
  }

  private static Optional<Finding> keepaliveTooShort(
      TargetGroupView group, EvidenceIndex evidence) {
    var registered = group.registered().size();
    var draining = registered < group.targets().size();
    var errors = group.lbResults().matching(window -> isSteady502(window, draining));
    if (errors.isEmpty() || registered == 0 || group.healthy().size() < registered) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.KEEPALIVE_SHORTER_THAN_IDLE, group.scope(), 70)
            .evidence(
                "the load balancer itself responds 502 to "
                    + FindingText.share(errors.nodes(), group.lbResults().nodes()))
            .evidence("all %d targets are healthy".formatted(group.healthy().size()))
            .supportedBy(evidence.inventory(), Resources.TARGET_HEALTH)
            .excludes(
                draining
                    ? "not the rollout: no request succeeds"
                    : "not a rollout: no target is draining")
            .fix(
                "set the keep-alive timeout of the application above the idle timeout of the load"
                    + " balancer (60 s by default)",
                "check whether its response headers are malformed or larger than 32 K")
            .build());
  }

  /** During a rollout, two errors in a row may be chance if other requests succeed. */
  private static boolean isSteady502(ResultWindow window, boolean draining) {
    return LbResponses.steadily(502, window) && !(draining && LbResponses.anySucceeded(window));
  }

  private static Stream<Finding> applicationErrors(EvidenceIndex evidence) {
    var all = evidence.results(LbPath.class);
    var byLb = all.groupBy(one -> one.key().lb());
    return all
        .matching(LbResponses::failingInTarget)
        .groupBy(one -> one.key().lb())
        .entrySet()
        .stream()
        .map(
            entry ->
                applicationError(
                    entry.getKey(),
                    entry.getValue(),
                    byLb.getOrDefault(entry.getKey(), entry.getValue())));
  }

  private static Finding applicationError(
      String lb, ProbeResults<LbPath> failing, ProbeResults<LbPath> all) {
    var code =
        failing.series().stream()
            .map(Series::window)
            .flatMap(window -> window.last().stream())
            .mapToInt(Result::code)
            .findFirst()
            .orElseThrow();
    return Finding.builder(RootCause.APPLICATION_ERROR, "lb/" + lb, 90)
        .evidence(
            "an application behind %s responds %d to %s"
                .formatted(lb, code, FindingText.share(failing.nodes(), all.nodes())))
        .excludes("not the load balancer: a target sent the response")
        .fix("check the logs of the application")
        .build();
  }
}
