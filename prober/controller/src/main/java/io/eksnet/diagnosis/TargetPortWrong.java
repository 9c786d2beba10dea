package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/** R26: health checks fail at once, and agents are refused at the same port. */
final class TargetPortWrong implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(TargetPortWrong::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var refused =
        view.unhealthy(TargetGroupView::failsToConnect).stream()
            .filter(target -> !view.probes(target).failing("conn_refused").isEmpty())
            .toList();
    if (refused.isEmpty()) {
      return Stream.empty();
    }
    var port = refused.get(0).port();
    return FindingBuilder.of(RootCause.TARGET_PORT_WRONG, view.scope(), 90)
        .seen(
            "%d of %d targets fail with Target.FailedHealthChecks (%s)"
                .formatted(
                    refused.size(),
                    view.targets().size(),
                    FindingText.list(TargetGroupView.ids(refused))))
        .seen("agents are refused at port %d too: nothing listens there".formatted(port))
        .supportedBy(view.evidence(), Resources.TARGET_HEALTH)
        .excludes("not a security group: a refusal is an answer of the target's host")
        .fix(
            "set targetPort of the Service to the port that the application listens on",
            "see that the application listens on all addresses, not on 127.0.0.1")
        .explains(RootCause.TARGET_GROUP_FAILING_OPEN)
        .stream();
  }
}
