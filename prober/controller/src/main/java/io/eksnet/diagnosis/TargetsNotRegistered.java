package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.Resources;
import java.util.List;
import java.util.stream.Stream;

/**
 * R32: the load balancer answers 503, its target group is empty, and the Service has ready pods
 * that are not new.
 */
final class TargetsNotRegistered implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(TargetsNotRegistered::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var ready = view.endpoints().orElse(List.of()).stream().filter(Endpoint::ready).count();
    var front = view.frontProbes().that(track -> Codes.steadily(503, track));
    if (!view.registered().isEmpty() || ready == 0 || front.isEmpty() || !view.hadTimeToStart()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.TARGETS_NOT_REGISTERED, view.scope(), 85)
        .seen("the load balancer itself answers 503, no target is registered")
        .seen("the Service has %d ready pods".formatted(ready))
        .supportedBy(
            view.evidence(),
            Resources.TARGET_HEALTH,
            Resources.SERVICES,
            Resources.TARGET_GROUP_BINDINGS)
        .excludes("not the application: its pods are ready")
        .fix(
            "see the events of the TargetGroupBinding: BackendNotFound, FailedReconcile",
            "see whether the load balancer controller runs and may call RegisterTargets")
        .stream();
  }
}
