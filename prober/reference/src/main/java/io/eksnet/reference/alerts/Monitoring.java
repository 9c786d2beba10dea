package io.eksnet.reference.alerts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What Prometheus and Alertmanager are given.
 *
 * @param recordings what is computed beforehand
 * @param thresholds numbers that the chart can set
 */
public record Monitoring(
    List<RuleFile> alerts,
    List<RuleFile> recordings,
    List<Threshold> thresholds,
    List<InhibitRule> mutes) {
  public Monitoring {
    alerts = List.copyOf(alerts);
    recordings = List.copyOf(recordings);
    thresholds = List.copyOf(thresholds);
    mutes = List.copyOf(mutes);
  }

  /**
   * Reads them.
   *
   * @param dashboards the folder {@code dashboards}
   * @param chart that of the Helm chart
   */
  public static Monitoring read(Path dashboards, Path chart) throws IOException {
    return new Monitoring(
        rules(dashboards.resolve("alerts")),
        rules(dashboards.resolve("rules")),
        Threshold.of(YamlPath.of(Files.readString(chart.resolve("files/thresholds.yaml")))),
        InhibitRule.of(
            YamlPath.of(Files.readString(dashboards.resolve("alertmanager/alertmanager.yaml")))));
  }

  private static List<RuleFile> rules(Path folder) throws IOException {
    var files = new ArrayList<RuleFile>();
    try (var found = Files.list(folder)) {
      for (var file : found.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        files.add(RuleFile.of(file.getFileName().toString(), Files.readString(file)));
      }
    }
    return files;
  }
}
