package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetHealth;
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
    return FindingBuilder.of(RootCause.TARGET_ZONE_NOT_ENABLED, view.scope(), 90)
        .seen("%d targets are unused: \"%s\"".formatted(unused.size(), unused.get(0).description()))
        .supportedBy(view.evidence(), Resources.TARGET_HEALTH)
        .fix(
            "give the load balancer a subnet in " + FindingText.list(zones),
            "or turn on cross-zone")
        .stream();
  }

  private static boolean forItsZone(TargetHealth target) {
    return target.reason().equals("Target.NotInUse")
        && target.description().toLowerCase(Locale.ROOT).contains("availability zone");
  }
}
