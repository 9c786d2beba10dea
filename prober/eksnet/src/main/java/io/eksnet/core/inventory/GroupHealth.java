package io.eksnet.core.inventory;

import java.util.List;

/**
 * The health of the targets of one target group, and how old that is. Each group is read by itself,
 * so one that cannot be read makes only itself old; a group that is not in the inventory was not
 * read yet or not for long, which is not the same as a group without targets.
 */
public record GroupHealth(String targetGroupArn, Known<List<TargetHealth>> targets) {
  /** The targets of all groups whose health is known. */
  public static List<TargetHealth> targetsIn(Inventory inventory) {
    return inventory.list(Parts.TARGET_HEALTH).stream()
        .flatMap(group -> group.targets().value().stream())
        .flatMap(List::stream)
        .toList();
  }
}
