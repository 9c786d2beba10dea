package io.eksnet.core;

import java.util.Map;
import java.util.Objects;

/**
 * One value of a metric that somebody else counts or measures.
 *
 * @param name of the metric under which it is told on
 */
public record Sample(String name, Map<String, String> labels, double value) {
  public Sample {
    Objects.requireNonNull(name);
    labels = Map.copyOf(labels);
  }
}
