package io.eksnet.reference.alerts;

import java.util.List;

/**
 * A number in alerts that a value of the chart can set.
 *
 * @param number as the alerts have it
 */
record Threshold(String name, String number, List<String> alerts) {
  Threshold {
    alerts = List.copyOf(alerts);
  }

  static List<Threshold> of(YamlPath file) {
    return file.values().keySet().stream().map(name -> of(name, file.tree(name))).toList();
  }

  private static Threshold of(String name, YamlPath threshold) {
    return new Threshold(
        name, threshold.text("number"), List.copyOf(threshold.tree("in").values().keySet()));
  }
}
