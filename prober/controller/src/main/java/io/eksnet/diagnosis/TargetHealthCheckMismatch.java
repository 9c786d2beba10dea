package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/** R21: targets answer the health check, and with a code that its matcher does not accept. */
final class TargetHealthCheckMismatch implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(TargetHealthCheckMismatch::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var wrong = view.unhealthy(TargetGroupView::mismatches);
    if (wrong.isEmpty()) {
      return Stream.empty();
    }
    var same =
        wrong.stream().anyMatch(target -> !view.probes(target).failing("http_status").isEmpty());
    var check = view.group().healthCheck();
    var draft =
        FindingBuilder.of(RootCause.TARGET_HEALTH_CHECK_MISMATCH, view.scope(), 90)
            .seen(
                "%d of %d targets (%s): \"%s\""
                    .formatted(
                        wrong.size(),
                        view.targets().size(),
                        FindingText.list(TargetGroupView.ids(wrong)),
                        wrong.get(0).description()))
            .seen(
                "the health check asks for %s and accepts %s"
                    .formatted(check.path(), check.matcher()))
            .supportedBy(view.evidence(), Resources.TARGET_HEALTH)
            .supportedIf(same)
            .excludes("not a security group: an HTTP answer came back from the target")
            .fix(
                "see what %s answers with Host <ip>:<port>, and why".formatted(check.path()),
                "set alb.ingress.kubernetes.io/healthcheck-path or success-codes to what the"
                    + " application serves")
            .explains(RootCause.TARGET_GROUP_FAILING_OPEN);
    return (same ? draft.seen("agents that ask like the load balancer get it too") : draft)
        .stream();
  }
}
