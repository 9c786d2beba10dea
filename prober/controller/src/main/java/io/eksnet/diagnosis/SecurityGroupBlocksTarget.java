package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import java.util.stream.Stream;

/** R22: targets are silent, and no rule of their security groups admits the load balancer. */
final class SecurityGroupBlocksTarget implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(SecurityGroupBlocksTarget::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var blocked =
        view.unhealthy(view::silent).stream()
            .filter(target -> view.verdict(target, Use.TRAFFIC) == Verdict.BLOCKED)
            .toList();
    if (blocked.isEmpty()) {
      return Stream.empty();
    }
    var first = blocked.get(0);
    var path = view.paths(first, Use.TRAFFIC).findFirst().orElseThrow();
    var reached = view.probes(first).healthy().nodes();
    var draft =
        FindingBuilder.of(RootCause.SECURITY_GROUP_BLOCKS_TARGET, view.scope(), 95)
            .seen(
                "%d of %d targets are unhealthy with %s (%s)"
                    .formatted(
                        blocked.size(),
                        view.targets().size(),
                        first.reason(),
                        FindingText.list(TargetGroupView.ids(blocked))))
            .seen(
                "port %d of %s is not open to the load balancer: %s"
                    .formatted(path.port(), path.interfaceId(), path.reason()))
            .supportedBy(view.evidence(), Resources.TARGET_HEALTH, Resources.SECURITY_PATHS)
            .supportedIf(!reached.isEmpty())
            .fix(
                "allow port %d from the security groups of the load balancer in those of the target"
                    .formatted(path.port()),
                "see why the load balancer controller did not: security groups given by annotation"
                    + " without manage-backend-security-group-rules, or an interface with more or"
                    + " less than one group tagged for the cluster")
            .explains(
                RootCause.TARGET_GROUP_FAILING_OPEN,
                RootCause.TARGET_HUNG,
                RootCause.NACL_OR_ROUTE);
    if (!reached.isEmpty()) {
      draft.excludes("not the application: it answers agents on " + FindingText.list(reached));
    }
    return draft.stream();
  }
}
