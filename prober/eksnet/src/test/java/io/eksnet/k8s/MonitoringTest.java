package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart packs for Prometheus and Grafana. */
class MonitoringTest {
  private static final Path SOURCES = Path.of("../../dashboards");
  private static final Path STACK = Helm.CHART.resolve("ci/kube-prometheus-stack-values.yaml");
  private static final Path NONE = Helm.CHART.resolve("ci/no-prometheus-operator-values.yaml");
  private static final int LARGEST_CONFIG_MAP = 1_000_000;

  @TempDir Path directory;

  @Test
  void dashboardsAreConfigMapsThatGrafanaFinds() throws IOException {
    var files = files(SOURCES.resolve("grafana"), ".json");
    var found =
        of(Helm.objects(STACK), "ConfigMap")
            .filter(map -> map.at("/metadata/labels/grafana_dashboard").asText().equals("1"))
            .toList();

    assertThat(found).hasSameSizeAs(files);
    for (var map : found) {
      var data = Manifest.map(map.at("/data"));
      assertThat(map.at("/metadata/namespace").asText()).isEqualTo("monitoring");
      assertThat(data).hasSize(1);
      for (var entry : data.entrySet()) {
        var mapper = new ObjectMapper();
        assertThat(entry.getValue().getBytes(StandardCharsets.UTF_8).length)
            .isLessThan(LARGEST_CONFIG_MAP);
        assertThat(mapper.readTree(entry.getValue()))
            .isInstanceOf(ObjectNode.class)
            .isEqualTo(
                mapper.readTree(
                    Files.readString(SOURCES.resolve("grafana").resolve(entry.getKey()))
                        .replace("/blob/main/", "/blob/v%s/".formatted(Helm.appVersion()))));
      }
    }
  }

  @Test
  void dashboardsLeadToIncidentsAndToTheRunbooksOfTheValues() throws IOException {
    var dashboards =
        of(
                Helm.objects(
                    STACK,
                    "--set",
                    "web.externalUrl=https://eksnet.internal/",
                    "--set",
                    "prometheusRule.runbookUrl=https://wiki.internal/net/"),
                "ConfigMap")
            .filter(map -> map.at("/metadata/labels/grafana_dashboard").asText().equals("1"))
            .flatMap(map -> Manifest.map(map.at("/data")).values().stream())
            .toList();

    assertThat(dashboards).isNotEmpty();
    for (var text : dashboards) {
      var links = new ObjectMapper().readTree(text).path("links");
      assertThat(links.at("/0/title").asText()).isEqualTo("Incidents");
      assertThat(links.at("/0/url").asText()).isEqualTo("https://eksnet.internal/incidents");
      assertThat(links.at("/1/title").asText()).isEqualTo("eksnet");
      assertThat(text).contains("https://wiki.internal/net/EksNet").doesNotContain("/blob/");
    }
  }

  @Test
  void seriesKeepTheirLabelsAndAgentsGetTheirPlace() {
    var monitors = of(Helm.objects(STACK), "PodMonitor").toList();

    assertThat(monitors)
        .extracting(Manifest::name)
        .containsExactly("eksnet-agent", "eksnet-controller");
    assertThat(monitors)
        .allSatisfy(
            monitor -> {
              assertThat(monitor.at("/metadata/labels/release").asText())
                  .isEqualTo("kube-prometheus-stack");
              assertThat(monitor.at("/spec/podMetricsEndpoints/0/honorLabels").asBoolean())
                  .isTrue();
              assertThat(monitor.at("/spec/podMetricsEndpoints/0/port").asText())
                  .isEqualTo("metrics");
              assertThat(monitor.at("/spec/podMetricsEndpoints/0/relabelings"))
                  .as("as the operator fills it in, or what compares finds a difference")
                  .allSatisfy(rule -> assertThat(rule.path("action").asText()).isNotEmpty());
            });
    assertThat(targets(monitors.get(0))).containsExactly("job", "node", "vantage", "az", "az");
    assertThat(monitors.get(0).at("/spec/attachMetadata/node").asBoolean()).isTrue();
    assertThat(targets(monitors.get(1))).containsExactly("job");
  }

  @Test
  void withoutAnOperatorThereIsNothingOfItAndPodsAreAnnotated() {
    var objects = Helm.objects(NONE);

    assertThat(objects)
        .extracting(object -> object.at("/apiVersion").asText())
        .doesNotContain("monitoring.coreos.com/v1");
    assertThat(objects)
        .filteredOn(object -> List.of("DaemonSet", "Deployment").contains(object.kind()))
        .hasSize(2)
        .allSatisfy(
            workload ->
                assertThat(Manifest.map(workload.at("/spec/template/metadata/annotations")))
                    .containsAllEntriesOf(
                        Map.of(
                            "prometheus.io/scrape", "true",
                            "prometheus.io/port", "9853",
                            "prometheus.io/path", "/metrics")));
  }

  @Test
  void scrapeConfigOfInstallationPageIsValid() throws IOException {
    var page = Files.readString(SOURCES.resolveSibling("docs/install.md"));
    var start = page.indexOf("```yaml\n") + "```yaml\n".length();
    var file = directory.resolve("prometheus.yml");
    var config = page.substring(start, page.indexOf("```", start));
    // Debian's promtool is built without discovery in Kubernetes.
    var checkable = config.replaceFirst("kubernetes_sd_configs:\n.*\n", "static_configs: []\n");
    Files.writeString(file, checkable);

    assertThat(checkable).isNotEqualTo(config);
    Promtool.check("config", file);
  }

  private static List<String> targets(Manifest monitor) {
    return Manifest.items(monitor.at("/spec/podMetricsEndpoints/0/relabelings"))
        .map(relabeling -> relabeling.path("targetLabel").asText())
        .toList();
  }

  private static Stream<Manifest> of(List<Manifest> objects, String kind) {
    return objects.stream().filter(object -> object.kind().equals(kind));
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }
}
