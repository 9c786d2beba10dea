package io.eksnet.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;

/** Splits a family that the client library has collected, such as the histograms of all probes. */
final class MetricParts {
  private MetricParts() {}

  /** Types other than counter, gauge, histogram and summary stay whole. */
  static void split(MetricSnapshot family, int maxPoints, PartitionedFamily.PartConsumer parts)
      throws IOException {
    if (family instanceof CounterSnapshot counters) {
      split(family, counters.getDataPoints(), maxPoints, CounterSnapshot::new, parts);
    } else if (family instanceof GaugeSnapshot gauges) {
      split(family, gauges.getDataPoints(), maxPoints, GaugeSnapshot::new, parts);
    } else if (family instanceof HistogramSnapshot histograms && !histograms.isGaugeHistogram()) {
      split(family, histograms.getDataPoints(), maxPoints, HistogramSnapshot::new, parts);
    } else if (family instanceof SummarySnapshot summaries) {
      split(family, summaries.getDataPoints(), maxPoints, SummarySnapshot::new, parts);
    } else {
      parts.accept(family);
    }
  }

  private static <P> void split(
      MetricSnapshot family,
      List<P> points,
      int maxPoints,
      BiFunction<MetricMetadata, Collection<P>, MetricSnapshot> create,
      PartitionedFamily.PartConsumer parts)
      throws IOException {
    if (points.size() <= maxPoints) {
      parts.accept(family);
      return;
    }
    for (var from = 0; from < points.size(); from += maxPoints) {
      var to = Math.min(points.size(), from + maxPoints);
      parts.accept(create.apply(family.getMetadata(), points.subList(from, to)));
    }
  }
}
