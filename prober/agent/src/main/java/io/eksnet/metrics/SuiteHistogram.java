package io.eksnet.metrics;

import io.eksnet.model.MetricSpec;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;

/**
 * One histogram of the durations of successful runs of a suite. Subjects with the same labels are
 * observed together, and the series exist, at 0, from the first of them until the last is closed.
 */
final class SuiteHistogram {
  private final Histogram histogram;
  private final RefCountedMap<List<String>, DistributionDataPoint> points;

  SuiteHistogram(MetricFactory instruments, MetricSpec spec) {
    histogram = instruments.histogram(spec, DurationBuckets.BOUNDS);
    points =
        new RefCountedMap<>((labels, point) -> histogram.remove(labels.toArray(String[]::new)));
  }

  /** The series with these labels, which the caller closes. */
  Durations of(String... labels) {
    var key = List.of(labels);
    return new Durations(key, points.acquire(key, () -> histogram.labelValues(labels)));
  }

  /** One subject's use of a series. */
  final class Durations {
    private final List<String> labels;
    private final DistributionDataPoint point;

    private Durations(List<String> labels, DistributionDataPoint point) {
      this.labels = labels;
      this.point = point;
    }

    /** Records a duration; a negative one is unknown and is left out. */
    void observe(long nanos) {
      if (nanos >= 0) {
        point.observe(Seconds.of(nanos));
      }
    }

    void close() {
      points.release(labels);
    }
  }
}
