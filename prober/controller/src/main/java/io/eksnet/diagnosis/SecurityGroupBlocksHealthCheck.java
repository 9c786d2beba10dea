package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import java.util.stream.Stream;

/** R23: targets are silent, their traffic port is open, and their health-check port is not. */
final class SecurityGroupBlocksHealthCheck implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(SecurityGroupBlocksHealthCheck::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var blocked =
        view.unhealthy(view::silent).stream()
            .filter(target -> view.verdict(target, Use.TRAFFIC) == Verdict.PERMITTED)
            .filter(target -> view.verdict(target, Use.HEALTH_CHECK) == Verdict.BLOCKED)
            .toList();
    if (blocked.isEmpty()) {
      return Stream.empty();
    }
    var first = blocked.get(0);
    var path = view.paths(first, Use.HEALTH_CHECK).findFirst().orElseThrow();
    return FindingBuilder.of(RootCause.SECURITY_GROUP_BLOCKS_HEALTH_CHECK, view.scope(), 90)
        .seen(
            "%d of %d targets are unhealthy with %s (%s)"
                .formatted(
                    blocked.size(),
                    view.targets().size(),
                    first.reason(),
                    FindingText.list(TargetGroupView.ids(blocked))))
        .seen(
            "health-check port %d of %s is not open to the load balancer: %s"
                .formatted(path.port(), path.interfaceId(), path.reason()))
        .supportedBy(view.evidence(), Resources.TARGET_HEALTH, Resources.SECURITY_PATHS)
        .excludes("not the traffic port: it is open")
        .fix(
            "allow port %d from the security groups of the load balancer".formatted(path.port()),
            "or check health at the traffic port")
        .explains(RootCause.TARGET_GROUP_FAILING_OPEN)
        .stream();
  }
}
