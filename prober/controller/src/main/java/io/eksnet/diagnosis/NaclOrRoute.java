package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetHealth;
import java.util.stream.Stream;

/**
 * R25: only targets of one zone are silent, security groups admit the load balancer, and agents
 * reach them.
 */
final class NaclOrRoute implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(NaclOrRoute::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var cut =
        view.unhealthy(view::silent).stream()
            .filter(view::permitted)
            .filter(target -> view.probes(target).allHealthy())
            .toList();
    var zones = cut.stream().map(TargetHealth::zone).distinct().toList();
    var elsewhere =
        view.healthy().stream().filter(target -> !zones.contains(target.zone())).toList();
    if (cut.isEmpty() || zones.size() != 1 || zones.get(0).isEmpty() || elsewhere.isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.NACL_OR_ROUTE, view.scope(), 70)
        .seen(
            "%d targets are silent, all of them in %s (%s)"
                .formatted(cut.size(), zones.get(0), FindingText.list(TargetGroupView.ids(cut))))
        .seen("%d targets of other zones are healthy".formatted(elsewhere.size()))
        .supportedBy(view.evidence(), Resources.TARGET_HEALTH, Resources.SECURITY_PATHS)
        .excludes("not a security group: the rules admit the load balancer")
        .excludes("not the application: agents reach the same targets")
        .fix(
            "see the network ACLs of the subnets of %s: ports 1024-65535 back to the load balancer"
                .formatted(zones.get(0)),
            "see their route tables")
        .explains(RootCause.TARGET_PROTOCOL_MISMATCH)
        .toldAfter(view.untilAllAreChecked())
        .stream();
  }
}
