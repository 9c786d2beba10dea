package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The health of the targets of one target group, and how old that is. Each group is read by itself,
 * so one that cannot be read makes only itself old; a group that is not in the inventory was not
 * read yet or not for long, which is not the same as a group without targets.
 *
 * @param drainingAfter when the group was last read without a draining target: targets that drain
 *     now began to drain after that; empty if it was never read without one
 */
public record GroupHealth(
    String targetGroupArn, Snapshot<List<TargetHealth>> targets, Optional<Instant> drainingAfter) {
  /** A group of which it is not known since when its targets drain. */
  public GroupHealth(String targetGroupArn, Snapshot<List<TargetHealth>> targets) {
    this(targetGroupArn, targets, Optional.empty());
  }

  /**
   * Its targets, if they may still be believed at {@code now}: groups are asked as seldom as set.
   */
  public Optional<List<TargetHealth>> believed(Inventory inventory, Instant now) {
    var set = inventory.known(Resources.TARGET_HEALTH).every();
    var every = set.compareTo(targets.every()) > 0 ? set : targets.every();
    return new Snapshot<>(targets.value(), targets.at(), every, targets.lack()).at(now).value();
  }

  /** The targets of all groups whose health is known. */
  public static List<TargetHealth> targetsIn(Inventory inventory) {
    return inventory.list(Resources.TARGET_HEALTH).stream()
        .flatMap(group -> group.targets().value().stream())
        .flatMap(List::stream)
        .toList();
  }
}
