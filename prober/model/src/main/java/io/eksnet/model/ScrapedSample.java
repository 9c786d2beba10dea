package io.eksnet.model;

import java.util.Map;

/**
 * One value of a metric that somebody else counts or measures.
 *
 * @param name of the metric under which it is re-exported
 */
public record ScrapedSample(String name, Map<String, String> labels, double value) {
  public ScrapedSample {
    labels = Map.copyOf(labels);
  }
}
