package io.eksnet.lab.demo;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.List;

/**
 * A process that Prometheus scrapes, with the labels that a PodMonitor would add. Labels of the
 * process itself win.
 *
 * @param address {@code host:port}
 * @param cluster the label {@code cluster} of all its series
 */
public record ScrapeTarget(String address, String cluster, String node, String az) {
  private String job() {
    return """
          - job_name: '%s %s'
            honor_labels: true
            static_configs: [{targets: ['%s'], labels: {node: '%s', az: '%s'}}]
            metric_relabel_configs: [{target_label: cluster, replacement: '%s'}]
        """
        .formatted(cluster, address, address, node, az, cluster);
  }

  /** The Prometheus configuration for these targets. */
  static String config(
      String interval, List<Path> rules, String alertmanager, List<ScrapeTarget> targets) {
    return """
        global: {scrape_interval: %s, scrape_timeout: %s, evaluation_interval: %s}
        rule_files: [%s]
        alerting: {alertmanagers: [{static_configs: [{targets: ['%s']}]}]}
        scrape_configs:
        """
            .formatted(
                interval,
                interval,
                interval,
                rules.stream().map(folder -> "'" + folder + "/*.yaml'").collect(joining(", ")),
                alertmanager)
        + targets.stream().map(ScrapeTarget::job).collect(joining());
  }
}
