package io.eksnet.controller.page;

import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A target group with its targets.
 *
 * @param targets empty: not known
 */
record GroupState(TargetGroup group, Optional<List<TargetHealth>> targets) {
  private static final String HEALTHY = "healthy";

  static List<GroupState> all(Inventory inventory) {
    var health = inventory.list(Resources.TARGET_HEALTH);
    return inventory.list(Resources.TARGET_GROUPS).stream()
        .map(group -> new GroupState(group, targets(group, health)))
        .toList();
  }

  private static Optional<List<TargetHealth>> targets(TargetGroup group, List<GroupHealth> health) {
    return health.stream()
        .filter(one -> one.targetGroupArn().equals(group.arn()))
        .findFirst()
        .flatMap(one -> one.targets().value());
  }

  /** How many targets are in each state. */
  Map<String, Long> counts() {
    var counts = new TreeMap<String, Long>();
    targets.stream().flatMap(List::stream).forEach(t -> counts.merge(t.state(), 1L, Long::sum));
    return counts;
  }

  List<TargetHealth> notHealthy() {
    return targets.stream().flatMap(List::stream).filter(t -> !t.state().equals(HEALTHY)).toList();
  }

  HealthState standing() {
    if (targets.isEmpty()) {
      return HealthState.UNKNOWN;
    }
    var all = targets.get().size();
    var healthy = all - notHealthy().size();
    if (all == 0) {
      return HealthState.NONE;
    }
    if (healthy == all) {
      return HealthState.CLEAR;
    }
    if (counts().containsKey("unavailable")) {
      return HealthState.UNKNOWN;
    }
    return healthy == 0 && counts().containsKey("unhealthy")
        ? HealthState.FAILING
        : HealthState.DOUBTFUL;
  }

  String text() {
    if (targets.isEmpty()) {
      return "health not known";
    }
    if (targets.get().isEmpty()) {
      return "no targets";
    }
    var texts = counts().entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList();
    return String.join(", ", texts);
  }
}
