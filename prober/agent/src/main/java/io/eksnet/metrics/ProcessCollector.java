package io.eksnet.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The standard {@code process_*} metrics from proc(5); what cannot be read is absent. */
final class ProcessCollector implements MultiCollector {
  private static final Map<String, String> HELP =
      Map.of(
          "process_cpu_seconds", "User and system CPU time spent, in seconds.",
          "process_resident_memory_bytes", "Resident memory size in bytes.",
          "process_virtual_memory_bytes", "Virtual memory size in bytes.",
          "process_open_fds", "Number of open file descriptors.",
          "process_max_fds", "Maximum number of open file descriptors.",
          "process_start_time_seconds", "Start of the process in seconds since the epoch.");

  private final ProcessUsage process;
  private final Labels labels;

  ProcessCollector(ProcessUsage process, FixedLabels fixed) {
    this.process = process;
    labels = fixed.alone();
  }

  @Override
  public MetricSnapshots collect() {
    var found = new ArrayList<MetricSnapshot>();
    process.cpuSeconds().ifPresent(seconds -> found.add(counter("process_cpu_seconds", seconds)));
    add(found, "process_virtual_memory_bytes", process.virtualBytes());
    add(found, "process_resident_memory_bytes", process.residentBytes());
    add(found, "process_open_fds", process.openFiles());
    add(found, "process_max_fds", process.maxFiles());
    add(found, "process_start_time_seconds", process.startSeconds());
    return new MetricSnapshots(found);
  }

  private void add(List<MetricSnapshot> to, String name, OptionalDouble value) {
    value.ifPresent(
        now ->
            to.add(
                new GaugeSnapshot(
                    new MetricMetadata(name, HELP.get(name)),
                    List.of(new GaugeDataPointSnapshot(now, labels, null)))));
  }

  private CounterSnapshot counter(String name, double value) {
    return new CounterSnapshot(
        new MetricMetadata(name, HELP.get(name)),
        List.of(new CounterDataPointSnapshot(value, labels, null, 0)));
  }
}
