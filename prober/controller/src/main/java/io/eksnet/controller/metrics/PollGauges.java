package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.POLL_INTERVAL;
import static io.eksnet.metrics.InventoryCatalogue.POLL_LAST_SUCCESS;

import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How old what is known is. Of a resource that the cluster does not have there is no age. */
final class PollGauges {
  private static final double MILLIS = 1e3;

  private PollGauges() {}

  /**
   * @param inventory as it was read, stale values included
   */
  static void add(Inventory inventory, Series to) {
    for (var part : inventory.resources()) {
      var known = inventory.snapshot(part);
      if (absent(known)) {
        continue;
      }
      var groups =
          part.equals(Resources.TARGET_HEALTH)
              ? inventory.list(Resources.TARGET_HEALTH)
              : List.<GroupHealth>of();
      if (!known.at().equals(Instant.EPOCH)) {
        var oldest = oldest(groups).filter(at -> at.isBefore(known.at())).orElse(known.at());
        to.least(POLL_LAST_SUCCESS, seconds(oldest), part.name(), part.service());
      }
      if (!known.interval().isZero()) {
        var interval = maxInterval(groups, known.interval()).toMillis() / MILLIS;
        to.least(POLL_INTERVAL, interval, part.name(), part.service());
      }
    }
  }

  /** The time of the oldest read of a group. */
  private static Optional<Instant> oldest(List<GroupHealth> groups) {
    return groups.stream()
        .map(group -> group.targets().at())
        .filter(at -> at.isAfter(Instant.EPOCH))
        .min(Instant::compareTo);
  }

  /** Many target groups cannot all be read within the interval of the resource. */
  private static Duration maxInterval(List<GroupHealth> groups, Duration interval) {
    return groups.stream()
        .map(group -> group.targets().interval())
        .filter(own -> own.compareTo(interval) > 0)
        .max(Duration::compareTo)
        .orElse(interval);
  }

  static double seconds(Instant at) {
    return at.toEpochMilli() / MILLIS;
  }

  private static boolean absent(Snapshot<?> known) {
    return known
        .unavailable()
        .filter(lack -> lack.reason() == Unavailable.Reason.ABSENT)
        .isPresent();
  }
}
