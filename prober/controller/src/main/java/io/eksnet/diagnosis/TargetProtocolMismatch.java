package io.eksnet.diagnosis;

import io.eksnet.model.Phase;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/** R27: health checks fail at once, and agents can connect to the same port. */
final class TargetProtocolMismatch implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(TargetProtocolMismatch::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var reached =
        view.unhealthy(TargetGroupView::failsToConnect).stream()
            .filter(target -> !view.blocked(target))
            .filter(
                target -> !view.probes(target).that(TargetProtocolMismatch::connected).isEmpty())
            .toList();
    if (reached.isEmpty()) {
      return Stream.empty();
    }
    var draft =
        FindingBuilder.of(RootCause.TARGET_PROTOCOL_MISMATCH, view.scope(), 70)
            .seen(
                "%d of %d targets fail with Target.FailedHealthChecks (%s)"
                    .formatted(
                        reached.size(),
                        view.targets().size(),
                        FindingText.list(TargetGroupView.ids(reached))))
            .seen("agents can connect to the same ports")
            .seen("the target group speaks " + view.group().protocol())
            .supportedBy(view.evidence(), Resources.TARGET_HEALTH)
            .excludes("not a wrong port: connections of agents come about")
            .fix(
                "set alb.ingress.kubernetes.io/backend-protocol to what the application speaks",
                "see whether it demands HTTP/2, or answers with malformed HTTP")
            .explains(RootCause.TARGET_GROUP_FAILING_OPEN);
    if (reached.stream().noneMatch(view::silent)) {
      draft.excludes("not a security group: that would be Target.Timeout");
    } else if (reached.stream().allMatch(view::permitted)) {
      draft.excludes("not a security group: the rules admit the load balancer");
    }
    return draft.stream();
  }

  private static boolean connected(ResultWindow track) {
    return track
        .last()
        .filter(last -> last.succeeded() || last.phase().compareTo(Phase.CONNECT) > 0)
        .isPresent();
  }
}
