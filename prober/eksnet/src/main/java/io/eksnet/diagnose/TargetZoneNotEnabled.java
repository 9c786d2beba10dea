package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.TargetHealth;
import java.util.Locale;
import java.util.stream.Stream;

/** R33: targets are unused because the load balancer does not serve their zone. */
final class TargetZoneNotEnabled implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(TargetZoneNotEnabled::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var unused = view.in("unused").stream().filter(TargetZoneNotEnabled::forItsZone).toList();
    if (unused.isEmpty()) {
      return Stream.empty();
    }
    var zones = unused.stream().map(TargetHealth::zone).distinct().toList();
    return Draft.of(RootCause.TARGET_ZONE_NOT_ENABLED, view.scope(), 90)
        .seen("%d targets are unused: \"%s\"".formatted(unused.size(), unused.get(0).description()))
        .supportedBy(view.evidence(), Parts.TARGET_HEALTH)
        .fix("give the load balancer a subnet in " + Words.list(zones), "or turn on cross-zone")
        .stream();
  }

  private static boolean forItsZone(TargetHealth target) {
    return target.reason().equals("Target.NotInUse")
        && target.description().toLowerCase(Locale.ROOT).contains("availability zone");
  }
}
