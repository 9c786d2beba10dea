package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/** R30: the load balancer answers 502 steadily, and all its targets are healthy. */
final class KeepaliveShorterThanIdle implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(KeepaliveShorterThanIdle::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var rollout = view.registered().size() < view.targets().size();
    var front = view.frontProbes().that(track -> isSteady(track, rollout));
    if (front.isEmpty()
        || view.registered().isEmpty()
        || view.healthy().size() < view.registered().size()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.KEEPALIVE_SHORTER_THAN_IDLE, view.scope(), 70)
        .seen(
            "the load balancer itself answers 502 to %s"
                .formatted(FindingText.share(front.nodes(), view.frontProbes().nodes())))
        .seen("all %d targets are healthy".formatted(view.healthy().size()))
        .supportedBy(view.evidence(), Resources.TARGET_HEALTH)
        .excludes(
            rollout
                ? "not the rollout: no request comes through"
                : "not a rollout: nothing is draining")
        .fix(
            "set the keep-alive of the application above the idle timeout of the load balancer"
                + " (60 s unless changed)",
            "see whether its headers are malformed or larger than 32 K")
        .stream();
  }

  /** In a rollout two errors in a row are no wonder. */
  private static boolean isSteady(ResultWindow track, boolean rollout) {
    return Codes.steadily(502, track) && !(rollout && Codes.comesThrough(track));
  }
}
