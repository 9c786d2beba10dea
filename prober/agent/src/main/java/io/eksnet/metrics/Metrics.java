package io.eksnet.metrics;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/** All metrics of a process, under labels that stay as long as it lives. */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry;
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final MetricFactory instruments;
  private final ProbeMeters probes;
  private final ScheduleMeters schedule;
  private final ConfigMeters config;
  private final HostMeters host;
  private final ProcessUsage process = new ProcessUsage(Path.of("/proc"));
  private final ControllerMeters controller;
  private final Exposition exposition;
  private volatile LongSupplier droppedLogEvents = () -> 0;

  /**
   * @param kinds the names of the kinds of probes, whose series exist from the beginning
   * @param grace how long the series of a target outlive it
   */
  public Metrics(FixedLabels fixed, Collection<String> kinds, Duration grace, BuildVersion build) {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.throwExceptionOnRegistrationFailure();
    registry
        .config()
        .commonTags(
            fixed.values().entrySet().stream()
                .map(label -> Tag.of(label.getKey(), label.getValue()))
                .toList());
    instruments =
        new MetricFactory(registry.getPrometheusRegistry(), fixed, new ConcurrentLinkedQueue<>());
    probes = new ProbeMeters(instruments, kinds, grace);
    schedule = new ScheduleMeters(instruments, kinds);
    config = new ConfigMeters(instruments);
    host = new HostMeters(instruments);
    controller = new ControllerMeters(instruments);
    instruments
        .gauge(Catalogue.BUILD_INFO)
        .labelValues(build.version(), build.revision(), build.javaVersion())
        .set(1);
    instruments.registry().register(new ProcessCollector(process, fixed));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    gc.bindTo(registry);
    instruments.counter(Catalogue.LOG_EVENTS_DROPPED, () -> droppedLogEvents.getAsLong());
    exposition = new Exposition(registry.getPrometheusRegistry(), instruments.partitioned());
  }

  /** Where others register their metrics, under the labels of this process. */
  public MetricFactory instruments() {
    return instruments;
  }

  public ProbeMeters probes() {
    return probes;
  }

  public ScheduleMeters schedule() {
    return schedule;
  }

  public ConfigMeters config() {
    return config;
  }

  public HostMeters host() {
    return host;
  }

  /** What this process uses. */
  public ProcessUsage process() {
    return process;
  }

  public ControllerMeters controller() {
    return controller;
  }

  /**
   * Where the number of dropped log events is read from.
   *
   * @param count never decreases; called at every scrape
   */
  public void logEventsDropped(LongSupplier count) {
    droppedLogEvents = count;
  }

  public Exposition exposition() {
    return exposition;
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
