package io.eksnet.controller.metrics;

import io.eksnet.model.MetricSpec;
import java.util.List;

/**
 * A series and its value.
 *
 * @param labels values in the order of the metric's labels
 */
public record SeriesSample(MetricSpec metric, List<String> labels, double value) {
  public SeriesSample {
    labels = List.copyOf(labels);
    if (labels.size() != metric.labels().size()) {
      throw new IllegalArgumentException(
          metric.name() + " has the labels " + metric.labels() + ", not values for " + labels);
    }
  }
}
