package io.eksnet.controller.metrics;

import io.eksnet.metrics.InventoryCatalogue;
import io.eksnet.model.MetricSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

/**
 * Series under way. Things with the same labels make one series of what they say together; of too
 * many series the first in the order of their labels stay, so that the same ones stay each time.
 */
final class Series {
  private final int most;
  private final Map<MetricSpec, Map<List<String>, Double>> values = new LinkedHashMap<>();

  /**
   * @param most series in all; one metric may have half of them
   */
  Series(int most) {
    this.most = most;
  }

  /** One of the things that a series counts. */
  void count(MetricSpec metric, long number, String... labels) {
    add(metric, Double::sum, (double) number, labels);
  }

  /** Whether something is so, of one thing at least. */
  void flag(MetricSpec metric, boolean so, String... labels) {
    add(metric, Math::max, so ? 1 : 0, labels);
  }

  /** A number that has no sum: the least is shown. */
  void least(MetricSpec metric, double value, String... labels) {
    add(metric, Math::min, value, labels);
  }

  private void add(
      MetricSpec metric, DoubleBinaryOperator together, double value, String... labels) {
    var key = Stream.of(labels).map(LabelValue::of).toList();
    values
        .computeIfAbsent(metric, m -> new LinkedHashMap<>())
        .merge(key, value, together::applyAsDouble);
  }

  /** All of them, the metrics in the order in which they came. */
  List<SeriesSample> samples() {
    var samples = new ArrayList<SeriesSample>();
    var dropped = new LinkedHashMap<MetricSpec, Integer>();
    values.forEach(
        (metric, byLabels) -> {
          var room = Math.min(most / 2, most - samples.size());
          sorted(byLabels)
              .limit(room)
              .forEach(e -> samples.add(new SeriesSample(metric, e.getKey(), e.getValue())));
          dropped.put(metric, Math.max(0, byLabels.size() - room));
        });
    dropped.forEach(
        (metric, series) ->
            samples.add(
                new SeriesSample(InventoryCatalogue.DROPPED, List.of(metric.name()), series)));
    return List.copyOf(samples);
  }

  private static Stream<Map.Entry<List<String>, Double>> sorted(Map<List<String>, Double> series) {
    return series.entrySet().stream()
        .sorted(Comparator.comparing(entry -> String.join("\0", entry.getKey())));
  }
}
