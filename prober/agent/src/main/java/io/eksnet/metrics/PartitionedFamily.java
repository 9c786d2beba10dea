package io.eksnet.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;

/**
 * A metric with so many series that a scrape writes them one by one in the text formats, and in
 * parts in protobuf, so that only one part is in memory.
 */
interface PartitionedFamily extends Collector {
  /** Takes a part of the family. */
  @FunctionalInterface
  interface PartConsumer {
    void accept(MetricSnapshot part) throws IOException;
  }

  /**
   * Collects all data points in parts; none if there are no data points.
   *
   * @param maxPoints about how many points a part has
   */
  void collectParts(int maxPoints, PartConsumer parts) throws IOException;

  /** The name of its samples. */
  String sampleName();

  /** One data point without labels, whose comments are those of the family. */
  MetricSnapshot example();

  /** Writes one sample for each series in the text formats. */
  void writeSamples(SampleWriter samples) throws IOException;

  /** A registry passes over a family by this name without collecting it. */
  @Override
  @SuppressWarnings("deprecation") // the registry has no other way
  default String getPrometheusName() {
    return getMetricFamilyDescriptor().getPrometheusName();
  }
}
