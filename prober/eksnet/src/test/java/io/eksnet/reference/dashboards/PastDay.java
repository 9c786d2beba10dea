package io.eksnet.reference.dashboards;

import io.eksnet.metrics.Catalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Seven hours of every declared metric, as promtool makes blocks of it: a cluster in which a bit of
 * everything is wrong. Counters rise, gauges of addresses fall, others stand.
 */
public final class PastDay {
  private static final int MINUTES = 7 * 60;

  /** Values of labels, of which every combination has a series. */
  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry("outcome", List.of("success", "timeout", "not_run")),
          Map.entry("path", List.of("service", "backend", "vpc_resolver")),
          Map.entry("kind", List.of("linklocal", "conntrack")),
          Map.entry("role", List.of("node", "pod")),
          Map.entry("code", List.of("200", "503")),
          Map.entry("reason", List.of("no_ip", "other")),
          Map.entry("status", List.of("False")),
          Map.entry("layer", List.of("dns")),
          Map.entry("alertstate", List.of("firing")),
          Map.entry("area", List.of("heap")));

  private static final Map<String, List<String>> STATES =
      Map.of(
          "eksnet_lb_probe_addresses", List.of("ok", "failing"),
          "eksnet_ipamd_addresses", List.of("total", "assigned"),
          "eksnet_ipamd_enis", List.of("allocated", "max"),
          "eksnet_dns_backends", List.of("ready", "notready"),
          "eksnet_lb_state", List.of("active", "failed"),
          "eksnet_node_pod_slots", List.of("used", "allocatable"),
          "eksnet_target_health", List.of("healthy", "unhealthy", "initial", "draining"));

  /** What stands for trouble: a gauge of 0 where 1 is good. */
  private static final List<String> AT_ZERO =
      List.of(
          "eksnet_resolvconf_nameserver_ok",
          "eksnet_pod_identity_agent_up",
          "eksnet_ipamd_up",
          "eksnet_ingress_dns_match",
          "eksnet_sg_path_permitted");

  private record Metric(String name, String type, List<String> labels) {}

  private final long now;
  private final String cluster;
  private final StringBuilder text = new StringBuilder();

  private PastDay(long now, String cluster) {
    this.now = now;
    this.cluster = cluster;
  }

  /** Up to {@code now}, in seconds since the epoch, in the format OpenMetrics. */
  public static String before(long now, String cluster) {
    var past = new PastDay(now, cluster);
    for (var metric : metrics()) {
      past.text.append("# TYPE %s %s\n".formatted(family(metric), metric.type()));
      past.write(metric);
    }
    return past.text.append("# EOF\n").toString();
  }

  private static List<Metric> metrics() {
    var all = new ArrayList<Metric>();
    for (var spec : Catalogue.all()) {
      var name = spec.name();
      switch (spec.type()) {
        case COUNTER -> all.add(new Metric(name, "counter", spec.labels()));
        case GAUGE -> all.add(new Metric(name, "gauge", spec.labels()));
        case HISTOGRAM -> all.add(new Metric(name, "histogram", spec.labels()));
        case SUMMARY -> all.add(new Metric(name, "summary", spec.labels()));
      }
    }
    all.add(
        new Metric("ALERTS", "unknown", List.of("alertname", "alertstate", "severity", "layer")));
    all.add(new Metric("ALERTS_FOR_STATE", "unknown", List.of("alertname", "severity", "layer")));
    all.add(new Metric("process_cpu_seconds_total", "counter", List.of()));
    all.add(new Metric("process_resident_memory_bytes", "gauge", List.of()));
    all.add(new Metric("jvm_memory_used_bytes", "gauge", List.of("area", "id")));
    all.add(new Metric("jvm_gc_pause_seconds", "summary", List.of("action", "cause", "gc")));
    return all;
  }

  private static String family(Metric metric) {
    return metric.type().equals("counter")
        ? metric.name().substring(0, metric.name().length() - "_total".length())
        : metric.name();
  }

  private void write(Metric metric) {
    for (var labels : combinations(metric)) {
      switch (metric.type()) {
        case "histogram" -> {
          samples(metric.name() + "_bucket", labels + ",le=\"1\"", true);
          samples(metric.name() + "_bucket", labels + ",le=\"+Inf\"", true);
          samples(metric.name() + "_sum", labels, true);
          samples(metric.name() + "_count", labels, true);
        }
        case "summary" -> {
          samples(metric.name() + "_sum", labels, true);
          samples(metric.name() + "_count", labels, true);
        }
        default -> samples(metric.name(), labels, metric.type().equals("counter"));
      }
    }
  }

  private void samples(String name, String labels, boolean rising) {
    for (int minute = MINUTES; minute >= 0; minute--) {
      var at = now - 60L * minute;
      text.append(name)
          .append('{')
          .append(labels)
          .append("} ")
          .append(rising ? 10L * (MINUTES - minute) : gauge(name, labels, minute, at))
          .append(' ')
          .append(at)
          .append('\n');
    }
  }

  private static long gauge(String name, String labels, int minute, long at) {
    if (name.endsWith("_available_ips")) {
      return minute;
    }
    if (name.endsWith("_usable_ips")) {
      return 2L * MINUTES;
    }
    if (name.endsWith("heartbeat_timestamp_seconds")) {
      return at;
    }
    if (name.endsWith("_timestamp_seconds") || name.equals("ALERTS_FOR_STATE")) {
      return at - 3600;
    }
    return AT_ZERO.contains(name) || labels.contains("state=\"healthy\"") ? 0 : 1;
  }

  private List<String> combinations(Metric metric) {
    var all =
        List.of(
            "cluster=\"%s\",instance=\"10.0.0.1:9853\"".formatted(cluster)
                + (metric.labels().contains("node") ? "" : ",node=\"node-a\"")
                + (metric.labels().contains("az") ? "" : ",az=\"az1\""));
    for (var label : new TreeSet<>(metric.labels())) {
      var values = values(metric.name(), label);
      all =
          all.stream()
              .flatMap(
                  labels ->
                      values.stream().map(value -> labels + "," + label + "=\"" + value + "\""))
              .collect(Collectors.toList());
    }
    return all;
  }

  private static List<String> values(String metric, String label) {
    return switch (label) {
      case "state" -> STATES.getOrDefault(metric, List.of("x"));
      case "alertname" -> List.of("EksNetWatchdog");
      default -> VALUES.getOrDefault(label, List.of(label + "-x"));
    };
  }
}
