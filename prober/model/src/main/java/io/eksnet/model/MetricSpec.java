package io.eksnet.model;

import java.util.List;

/**
 * A metric as it is exported, declared once.
 *
 * @param name with prefix, unit and, for counters, {@code _total}
 * @param help one sentence with a full stop
 * @param labels in the order of the values
 */
public record MetricSpec(String name, Type type, String help, List<String> labels) {
  /** The types that users of Prometheus know. */
  public enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    SUMMARY
  }

  public MetricSpec {
    labels = List.copyOf(labels);
    if (!name.startsWith("eksnet_")) {
      throw new IllegalArgumentException("metric names start with eksnet_, unlike " + name);
    }
    if (!help.endsWith(".")) {
      throw new IllegalArgumentException("the help of " + name + " must end with a full stop");
    }
    if ((type == Type.COUNTER) != name.endsWith("_total")) {
      throw new IllegalArgumentException("counters and only they end with _total, see " + name);
    }
  }

  public MetricSpec(String name, Type type, String help, String... labels) {
    this(name, type, help, List.of(labels));
  }
}
