package io.eksnet.metrics;

import io.eksnet.model.MetricSpec;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.Collection;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * From a declared metric to a live one. Exemplars are off everywhere: Micrometer leaves the jar out
 * that they need.
 */
public record MetricFactory(
    PrometheusRegistry registry, FixedLabels fixed, Collection<PartitionedFamily> partitioned) {
  /** Growth of a native bucket is the 2^3rd root of 2: 9 %, as the Go client's default. */
  private static final int NATIVE_SCHEMA = 3;

  private static final int NATIVE_BUCKETS = 100;

  public Counter counter(MetricSpec spec) {
    return Counter.builder()
        .name(spec.name())
        .help(spec.help())
        .labelNames(names(spec))
        .constLabels(fixed.alone())
        .withoutExemplars()
        .register(registry);
  }

  /** A counter without labels that is kept elsewhere. */
  void counter(MetricSpec spec, LongSupplier count) {
    CounterWithCallback.builder()
        .name(spec.name())
        .help(spec.help())
        .constLabels(fixed.alone())
        .callback(callback -> callback.call((double) count.getAsLong()))
        .register(registry);
  }

  public Gauge gauge(MetricSpec spec) {
    return Gauge.builder()
        .name(spec.name())
        .help(spec.help())
        .labelNames(names(spec))
        .constLabels(fixed.alone())
        .withoutExemplars()
        .register(registry);
  }

  /** A gauge without labels, absent while the value is NaN. */
  public void gauge(MetricSpec spec, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(spec.name())
        .help(spec.help())
        .constLabels(fixed.alone())
        .callback(
            callback -> {
              var now = value.getAsDouble();
              if (!Double.isNaN(now)) {
                callback.call(now);
              }
            })
        .register(registry);
  }

  /** Classic buckets, and native ones for scrapers that ask for protobuf. */
  public Histogram histogram(MetricSpec spec, double... bounds) {
    return Histogram.builder()
        .name(spec.name())
        .help(spec.help())
        .labelNames(names(spec))
        .constLabels(fixed.alone())
        .classicUpperBounds(bounds)
        .nativeInitialSchema(NATIVE_SCHEMA)
        .nativeMaxNumberOfBuckets(NATIVE_BUCKETS)
        .withoutExemplars()
        .register(registry);
  }

  /** Sum and count only. */
  public Summary summary(MetricSpec spec) {
    return Summary.builder()
        .name(spec.name())
        .help(spec.help())
        .labelNames(names(spec))
        .constLabels(fixed.alone())
        .withoutExemplars()
        .register(registry);
  }

  /** In the registry, so that no other metric takes its name. */
  <C extends PartitionedFamily> C register(C family) {
    registry.register(family);
    partitioned.add(family);
    return family;
  }

  public static MetricMetadata metadata(MetricSpec spec) {
    var name = spec.name();
    var base = name.endsWith("_total") ? name.substring(0, name.length() - 6) : name;
    return new MetricMetadata(base, spec.help());
  }

  private static String[] names(MetricSpec spec) {
    return spec.labels().toArray(String[]::new);
  }
}
