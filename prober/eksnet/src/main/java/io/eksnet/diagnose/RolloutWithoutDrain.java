package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.Parts;
import java.util.stream.Stream;

/**
 * R29: the load balancer answers 502 now and then while targets are draining, and those that stay
 * are well.
 */
final class RolloutWithoutDrain implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(RolloutWithoutDrain::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var draining = view.in("draining");
    var front = view.frontProbes().that(track -> Codes.sometimes(502, track));
    if (draining.isEmpty() || front.isEmpty() || !view.unhealthy(any -> true).isEmpty()) {
      return Stream.empty();
    }
    return Draft.of(RootCause.ROLLOUT_WITHOUT_DRAIN, view.scope(), 80)
        .seen("%d targets are draining".formatted(draining.size()))
        .seen("the load balancer itself answered 502 to " + Words.list(front.nodes()))
        .supportedBy(view.evidence(), Parts.TARGET_HEALTH)
        .fix(
            "give the pods a preStop sleep longer than the deregistration takes to spread",
            "inject readiness gates (elbv2.k8s.aws/pod-readiness-gate-inject=enabled)",
            "raise deregistration_delay.timeout_seconds above the longest request")
        .stream();
  }
}
