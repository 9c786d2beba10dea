package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.TargetPath;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/**
 * R24: targets are silent for the load balancer and for every agent, and no security group blocks
 * them.
 */
final class TargetHung implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(TargetHung::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var hung =
        view.unhealthy(view::silent).stream()
            .filter(view::permitted)
            .filter(target -> timesOutEverywhere(view.probes(target)))
            .toList();
    if (hung.isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.TARGET_HUNG, view.scope(), 70)
        .seen(
            "%d of %d targets time out for the load balancer and for every agent (%s)"
                .formatted(
                    hung.size(),
                    view.targets().size(),
                    FindingText.list(TargetGroupView.ids(hung))))
        .supportedBy(view.evidence(), Resources.TARGET_HEALTH, Resources.SECURITY_PATHS)
        .excludes("not a security group: the rules admit the load balancer")
        .fix(
            "see whether the application hangs: threads, database, limits",
            "see whether a NetworkPolicy keeps others out")
        .explains(RootCause.TARGET_GROUP_FAILING_OPEN)
        .stream();
  }

  private static boolean timesOutEverywhere(ProbeResults<TargetPath> probes) {
    return !probes.isEmpty() && probes.failing("timeout").all().size() == probes.all().size();
  }
}
