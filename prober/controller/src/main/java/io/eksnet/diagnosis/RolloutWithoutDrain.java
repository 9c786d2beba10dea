package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/**
 * R29: since targets began to drain, the load balancer answers some requests with 502, and the
 * remaining targets are healthy. Earlier 502s have another cause; a single one may be coincidence.
 */
final class RolloutWithoutDrain implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(RolloutWithoutDrain::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var draining = view.in("draining");
    var front = view.frontProbes().that(track -> errors(view, track).findAny().isPresent());
    if (draining.isEmpty() || front.isEmpty() || !view.unhealthy(any -> true).isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.ROLLOUT_WITHOUT_DRAIN, view.scope(), 80)
        .seen("%d targets are draining".formatted(draining.size()))
        .seen("the load balancer itself answered 502 to " + FindingText.list(front.nodes()))
        .supportedBy(view.evidence(), Resources.TARGET_HEALTH)
        .supportedIf(view.drainingAfter().isPresent())
        .supportedIf(front.all().stream().flatMap(seen -> errors(view, seen.track())).count() > 1)
        .fix(
            "give the pods a preStop sleep longer than the deregistration takes to spread",
            "inject readiness gates (elbv2.k8s.aws/pod-readiness-gate-inject=enabled)",
            "raise deregistration_delay.timeout_seconds above the longest request")
        .stream();
  }

  private static Stream<Result> errors(TargetGroupView view, ResultWindow track) {
    return Codes.sometimes(502, track)
        .filter(result -> view.drainingAfter().map(result.at()::isAfter).orElse(true));
  }
}
