package io.eksnet.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was measured, by name and by who was measured; repeats are kept apart. */
final class Measurements {
  /** Who is measured. */
  enum Who {
    EKSNET,
    BLACKBOX,
    FLOOR
  }

  private final Map<String, List<Double>> values = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  void put(String name, Who who, double value) {
    if (!Double.isNaN(value)) {
      values.computeIfAbsent(key(name, who), key -> new ArrayList<>()).add(value);
    }
  }

  /** Something a reader of the figures must know. */
  void note(String note) {
    notes.add(note);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  Map<String, List<Double>> all() {
    return Collections.unmodifiableMap(values);
  }

  /** The middle of all repeats; NaN if it was not measured. */
  double median(String name, Who who) {
    var sorted = values.getOrDefault(key(name, who), List.of()).stream().sorted().toList();
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    var middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static String key(String name, Who who) {
    return name + "." + who.name().toLowerCase(java.util.Locale.ROOT);
  }
}
