package io.eksnet.metrics.inventory;

import io.eksnet.core.MetricSpec;
import java.util.List;

/**
 * A series and its value.
 *
 * @param labels values in the order of the metric's labels
 */
public record Sample(MetricSpec metric, List<String> labels, double value) {
  public Sample {
    labels = List.copyOf(labels);
    if (labels.size() != metric.labels().size()) {
      throw new IllegalArgumentException(
          metric.name() + " has the labels " + metric.labels() + ", not values for " + labels);
    }
  }
}
