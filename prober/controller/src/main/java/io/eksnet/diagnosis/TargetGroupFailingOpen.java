package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/** R28: all targets time out, so the load balancer sends to all of them, and answers 504 itself. */
final class TargetGroupFailingOpen implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(TargetGroupFailingOpen::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var timingOut = view.unhealthy(TargetGroupView::timesOut);
    var front = view.frontProbes().that(track -> Codes.steadily(504, track));
    if (timingOut.isEmpty() || timingOut.size() < view.targets().size() || front.isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.TARGET_GROUP_FAILING_OPEN, view.scope(), 90)
        .seen("all %d targets are unhealthy with Target.Timeout".formatted(timingOut.size()))
        .seen(
            "the load balancer itself answers 504 to %s"
                .formatted(FindingText.share(front.nodes(), view.frontProbes().nodes())))
        .supportedBy(view.evidence(), Resources.TARGET_HEALTH)
        .excludes("not the application's answer: the load balancer made it")
        .fix("repair what makes the targets time out: security group, port or application")
        .stream();
  }
}
