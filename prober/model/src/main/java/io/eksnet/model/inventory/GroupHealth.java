package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The health of the targets of one target group, with its age. Each group is read on its own, so
 * that one that cannot be read makes only itself stale. A group that is not in the inventory was
 * not read yet or recently, which is not the same as a group without targets.
 *
 * @param drainingAfter when the group was last read without a draining target: targets that drain
 *     now began to drain after that; empty if it was never read without one
 */
public record GroupHealth(
    String targetGroupArn, Snapshot<List<TargetHealth>> targets, Optional<Instant> drainingAfter) {
  /**
   * Its targets, if they are not stale at {@code now} by the longer of its own interval and the
   * configured one.
   */
  public Optional<List<TargetHealth>> targetsIfFresh(Inventory inventory, Instant now) {
    var configured = inventory.snapshot(Resources.TARGET_HEALTH).interval();
    var interval = configured.compareTo(targets.interval()) > 0 ? configured : targets.interval();
    return new Snapshot<>(targets.value(), targets.at(), interval, targets.unavailable())
        .ifFresh(now)
        .value();
  }

  /** The targets of all groups whose health is known. */
  public static List<TargetHealth> targetsIn(Inventory inventory) {
    return inventory.list(Resources.TARGET_HEALTH).stream()
        .flatMap(group -> group.targets().value().stream())
        .flatMap(List::stream)
        .toList();
  }
}
