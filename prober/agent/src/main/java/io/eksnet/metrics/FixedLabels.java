package io.eksnet.metrics;

import io.eksnet.model.MetricSpec;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The labels that every series carries: {@code cluster} and those of the config. */
public record FixedLabels(Map<String, String> values) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  /** Set by Prometheus, by the formats, or by the JVM's metrics. */
  private static final Set<String> TAKEN =
      Stream.concat(
              Stream.of(
                  "job",
                  "instance",
                  "le",
                  "quantile",
                  "area",
                  "id",
                  "gc",
                  "state",
                  "action",
                  "cause"),
              Catalogue.all().stream().map(MetricSpec::labels).flatMap(List::stream))
          .collect(Collectors.toUnmodifiableSet());

  public FixedLabels {
    values = Map.copyOf(values);
    values.keySet().forEach(FixedLabels::check);
  }

  /** The user's labels, and the cluster if it is named. */
  public static FixedLabels of(String cluster, Map<String, String> labels) {
    var all = new LinkedHashMap<>(labels);
    if (!cluster.isEmpty()) {
      all.put("cluster", cluster);
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

  private static void check(String name) {
    if (!NAME.matcher(name).matches() || name.startsWith("__")) {
      throw new IllegalArgumentException(
          "a label is named with letters, digits and underscores and does not start with a digit"
              + " or __, unlike \""
              + name
              + "\"");
    }
    if (TAKEN.contains(name)) {
      throw new IllegalArgumentException(
          "the label \"" + name + "\" is taken by the metrics themselves; choose another name");
    }
  }
}
