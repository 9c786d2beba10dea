package io.eksnet.reference.dashboards;

import io.eksnet.metrics.Catalogue;
import io.eksnet.model.MetricSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of series that there can be, with their labels. */
final class Declared {
  /** On every series: from the config, and from the scrape. */
  private static final Set<String> EVERYWHERE = Set.of("cluster", "node", "az", "instance");

  /** Of the diagnosis, of the JVM, and of Prometheus itself. */
  private static final Map<String, List<String>> OTHERS =
      Map.of(
          "process_cpu_seconds_total", List.of(),
          "process_resident_memory_bytes", List.of(),
          "jvm_memory_used_bytes", List.of("area", "id"),
          "jvm_gc_pause_seconds_sum", List.of("action", "cause", "gc"),
          "ALERTS", List.of("alertname", "alertstate", "severity", "layer"),
          "ALERTS_FOR_STATE", List.of("alertname", "severity", "layer"));

  private Declared() {}

  static Map<String, Set<String>> labelsByName() {
    var all = new HashMap<String, Set<String>>();
    OTHERS.forEach((name, labels) -> all.put(name, with(labels)));
    for (var metric : Catalogue.all()) {
      names(metric).forEach(name -> all.put(name, with(metric.labels())));
      if (metric.type() == MetricSpec.Type.HISTOGRAM) {
        all.put(metric.name() + "_bucket", with(metric.labels(), "le"));
      }
    }
    return all;
  }

  private static List<String> names(MetricSpec metric) {
    return switch (metric.type()) {
      case COUNTER, GAUGE -> List.of(metric.name());
      case SUMMARY -> List.of(metric.name() + "_sum", metric.name() + "_count");
      case HISTOGRAM -> List.of(metric.name(), metric.name() + "_sum", metric.name() + "_count");
    };
  }

  private static Set<String> with(List<String> labels, String... more) {
    return Stream.of(EVERYWHERE.stream(), labels.stream(), Stream.of(more))
        .flatMap(each -> each)
        .collect(Collectors.toSet());
  }
}
