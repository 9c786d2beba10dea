package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.POLL_INTERVAL;
import static io.eksnet.metrics.InventoryCatalogue.POLL_LAST_SUCCESS;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import java.time.Instant;

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
      if (!known.at().equals(Instant.EPOCH)) {
        to.least(POLL_LAST_SUCCESS, seconds(known.at()), part.name(), part.service());
      }
      if (!known.interval().isZero()) {
        var every = known.interval().toMillis() / MILLIS;
        to.least(POLL_INTERVAL, every, part.name(), part.service());
      }
    }
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
