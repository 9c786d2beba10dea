package io.eksnet.controller.metrics;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Inventories to test with, and the series that they make, written as on the page. */
final class Shown {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final Duration MINUTE = Duration.ofMinutes(1);

  private Shown() {}

  static <T> Inventory knowing(Resource<T> part, T value) {
    return and(Inventory.EMPTY, part, value);
  }

  static <T> Inventory and(Inventory inventory, Resource<T> part, T value) {
    return inventory.with(part, Snapshot.of(value, NOON, MINUTE));
  }

  static <T> Snapshot<T> lacking(Unavailable.Reason why) {
    return Snapshot.<T>notYet(MINUTE).after(new Unavailable(why, "for people"));
  }

  /** The series of one metric, without the prefix eksnet_. */
  static List<String> series(String metric, Inventory inventory) {
    return series(metric, inventory, NOON);
  }

  static List<String> series(String metric, Inventory inventory, Instant now) {
    return InventoryGauges.of(inventory, now).stream()
        .filter(sample -> sample.metric().name().equals("eksnet_" + metric))
        .map(Shown::text)
        .toList();
  }

  private static String text(SeriesSample sample) {
    var labels = new ArrayList<String>();
    for (int i = 0; i < sample.labels().size(); i++) {
      if (!sample.labels().get(i).isEmpty()) {
        labels.add(sample.metric().labels().get(i) + "=" + sample.labels().get(i));
      }
    }
    return (String.join(" ", labels) + " " + number(sample.value())).trim();
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
