package io.eksnet.metrics;

import io.eksnet.config.LabelNames;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The labels that every series carries: {@code cluster} and those of the config. */
public record FixedLabels(Map<String, String> values) {
  private static final String CLUSTER = "cluster";

  public FixedLabels {
    values = Map.copyOf(values);
    values.forEach(FixedLabels::check);
  }

  /** The user's labels, and the cluster if it is named. */
  public static FixedLabels of(String cluster, Map<String, String> labels) {
    var all = new LinkedHashMap<>(labels);
    if (!cluster.isEmpty()) {
      all.put(CLUSTER, cluster);
    }
    return new FixedLabels(all);
  }

  /** These labels and others, names and values in the same order. */
  public Labels with(List<String> names, String... others) {
    var allNames = new ArrayList<>(names);
    var allValues = new ArrayList<>(List.of(others));
    values.forEach(
        (name, value) -> {
          allNames.add(name);
          allValues.add(value);
        });
    return Labels.of(allNames, allValues);
  }

  Labels alone() {
    return with(List.of());
  }

  private static void check(String name, String value) {
    if (!name.equals(CLUSTER)) {
      LabelNames.require(name, value);
    }
  }
}
