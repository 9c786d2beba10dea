package io.eksnet.model;

import java.util.Map;
import java.util.Objects;

/**
 * One value of a metric that somebody else counts or measures.
 *
 * @param name of the metric under which it is re-exported
 */
public record ScrapedSample(String name, Map<String, String> labels, double value) {
  public ScrapedSample {
    Objects.requireNonNull(name);
    labels = Map.copyOf(labels);
  }
}
