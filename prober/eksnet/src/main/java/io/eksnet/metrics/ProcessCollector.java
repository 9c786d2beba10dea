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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The standard {@code process_*} metrics from proc(5); what cannot be read is absent. */
final class ProcessCollector implements MultiCollector {
  /** USER_HZ, the unit of times in stat: 100 on Linux, whatever the kernel ticks. */
  private static final double TICKS_PER_SECOND = 100;

  private static final double KIB = 1024;
  private static final Map<String, String> HELP =
      Map.of(
          "process_cpu_seconds", "User and system CPU time spent, in seconds.",
          "process_resident_memory_bytes", "Resident memory size in bytes.",
          "process_virtual_memory_bytes", "Virtual memory size in bytes.",
          "process_open_fds", "Number of open file descriptors.",
          "process_max_fds", "Maximum number of open file descriptors.",
          "process_start_time_seconds", "Start of the process in seconds since the epoch.");

  private final Path proc;
  private final Labels labels;

  ProcessCollector(Path proc, FixedLabels fixed) {
    this.proc = proc;
    labels = fixed.alone();
  }

  @Override
  public MetricSnapshots collect() {
    var stat = statFields();
    var found = new ArrayList<MetricSnapshot>();
    field(stat, 14)
        .ifPresent(
            user ->
                found.add(
                    counter(
                        "process_cpu_seconds",
                        (user + field(stat, 15).orElse(0)) / TICKS_PER_SECOND)));
    add(found, "process_virtual_memory_bytes", field(stat, 23));
    add(found, "process_resident_memory_bytes", resident());
    add(found, "process_open_fds", openFiles());
    add(found, "process_max_fds", maxFiles());
    add(found, "process_start_time_seconds", startTime(field(stat, 22)));
    return new MetricSnapshots(found);
  }

  /**
   * The fields of {@code stat} as proc(5) numbers them; the command in brackets may hold blanks.
   */
  private List<String> statFields() {
    var line = read("self/stat");
    var fields = new ArrayList<>(List.of("", "", ""));
    if (!line.isEmpty()) {
      fields.addAll(List.of(line.substring(line.lastIndexOf(')') + 1).trim().split("\\s+", -1)));
    }
    return fields;
  }

  private OptionalDouble startTime(OptionalDouble ticksAfterBoot) {
    return read("stat")
        .lines()
        .filter(line -> line.startsWith("btime "))
        .mapToDouble(line -> Double.parseDouble(line.substring(6).trim()))
        .filter(boot -> ticksAfterBoot.isPresent())
        .map(boot -> boot + ticksAfterBoot.orElseThrow() / TICKS_PER_SECOND)
        .findFirst();
  }

  /** Not from stat, which counts pages of a size that only the kernel knows. */
  private OptionalDouble resident() {
    return read("self/status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> KIB * Double.parseDouble(line.split("\\s+", -1)[1]))
        .findFirst();
  }

  private OptionalDouble maxFiles() {
    return read("self/limits")
        .lines()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.split("\\s+", -1)[3])
        .filter(limit -> !limit.equals("unlimited"))
        .mapToDouble(Double::parseDouble)
        .findFirst();
  }

  private OptionalDouble openFiles() {
    try (var entries = Files.newDirectoryStream(proc.resolve("self/fd"))) {
      int count = 0;
      for (var unused : entries) {
        count++;
      }
      return OptionalDouble.of(count);
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  private String read(String file) {
    try {
      return Files.readString(proc.resolve(file));
    } catch (IOException e) {
      return "";
    }
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

  private static OptionalDouble field(List<String> fields, int number) {
    return number < fields.size()
        ? OptionalDouble.of(Double.parseDouble(fields.get(number)))
        : OptionalDouble.empty();
  }
}
