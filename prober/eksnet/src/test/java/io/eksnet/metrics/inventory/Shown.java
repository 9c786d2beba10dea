package io.eksnet.metrics.inventory;

import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Known;
import io.eksnet.core.inventory.Lack;
import io.eksnet.core.inventory.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Inventories to test with, and the series that they make, written as on the page. */
final class Shown {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final Duration MINUTE = Duration.ofMinutes(1);

  private Shown() {}

  static <T> Inventory knowing(Part<T> part, T value) {
    return and(Inventory.EMPTY, part, value);
  }

  static <T> Inventory and(Inventory inventory, Part<T> part, T value) {
    return inventory.with(part, Known.of(value, NOON, MINUTE));
  }

  static <T> Known<T> lacking(Lack.Why why) {
    return Known.<T>notYet(MINUTE).after(new Lack(why, "for people"));
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

  private static String text(Sample sample) {
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
