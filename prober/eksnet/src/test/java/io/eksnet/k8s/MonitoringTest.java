package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
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
  void rulesOfTheChartAreThoseOfTheirFiles() throws IOException {
    assumeTrue(Files.isDirectory(SOURCES.resolve("alerts")), "there are no alerts yet");
    var packed = new TreeMap<String, JsonNode>();
    of(Helm.objects(STACK), "PrometheusRule")
        .forEach(rule -> packed.put(rule.name(), rule.at("/spec/groups")));
    var written = new TreeMap<String, JsonNode>();
    for (var folder : List.of("alerts", "rules")) {
      for (var file : files(SOURCES.resolve(folder), ".yaml")) {
        var name = file.getFileName().toString().replace(".yaml", "");
        written.put(
            "eksnet-" + folder + "-" + name,
            Helm.parse(Files.readString(file)).get(0).at("/groups"));
      }
    }

    assertThat(packed).isEqualTo(written).isNotEmpty();
  }

  @Test
  void aThresholdOfTheValuesIsANumberOfItsAlertAndItsDefaultThatOfTheFile() throws IOException {
    assumeTrue(Files.isDirectory(SOURCES.resolve("alerts")), "there are no alerts yet");
    var thresholds =
        Helm.parse(Files.readString(Helm.CHART.resolve("files/thresholds.yaml"))).get(0);
    var defaults =
        Helm.parse(Files.readString(Helm.CHART.resolve("values.yaml")))
            .get(0)
            .at("/prometheusRule/thresholds");
    var others = new ObjectMapper().createObjectNode();
    for (var entry : thresholds.json().properties()) {
      assertThat(defaults.path(entry.getKey()).asDouble())
          .as(entry.getKey())
          .isEqualTo(Double.parseDouble(entry.getValue().path("number").asText()));
      others.put(entry.getKey(), 0.125);
    }
    assertThat(defaults.size()).isEqualTo(thresholds.json().size());

    var changed = Helm.objects(STACK, "--set-json", "prometheusRule.thresholds=" + others);
    for (var threshold : thresholds.json()) {
      var text = threshold.path("text").asText();
      var now = text.replace(threshold.path("number").asText(), "0.125");
      assertThat(expressions(Helm.objects(STACK), threshold.path("alert").asText()))
          .isNotEmpty()
          .anySatisfy(expression -> assertThat(expression).contains(text));
      assertThat(expressions(changed, threshold.path("alert").asText()))
          .noneSatisfy(expression -> assertThat(expression).contains(text))
          .anySatisfy(expression -> assertThat(expression).contains(now));
    }
    promtoolTakes(changed);
  }

  @Test
  void anAlertCanBeSetOtherwiseOrLeftOut() {
    assumeTrue(Files.isDirectory(SOURCES.resolve("alerts")), "there are no alerts yet");
    var objects =
        Helm.objects(
            STACK,
            "--set-json",
            "prometheusRule.overrides={\"EksNetSubnetIpLow\":{\"for\":\"1h\",\"severity\":\"info\"}}",
            "--set-json",
            "prometheusRule.disabled=[\"EksNetWatchdog\"]");

    assertThat(rules(objects, "EksNetSubnetIpLow"))
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.path("for").asText()).isEqualTo("1h");
              assertThat(rule.at("/labels/severity").asText()).isEqualTo("info");
              assertThat(rule.at("/labels/layer").asText()).isEqualTo("l3");
            });
    assertThat(rules(objects, "EksNetWatchdog")).isEmpty();
  }

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
                mapper.readTree(SOURCES.resolve("grafana").resolve(entry.getKey()).toFile()));
      }
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
  void theScrapeConfigOfTheReadmeIsOne() throws IOException {
    var readme = Files.readString(Helm.CHART.resolve("README.md"));
    var start = readme.indexOf("```yaml\n") + "```yaml\n".length();
    var file = directory.resolve("prometheus.yml");
    var config = readme.substring(start, readme.indexOf("```", start));
    // Debian's promtool is built without discovery in Kubernetes.
    var checkable = config.replaceFirst("kubernetes_sd_configs:\n.*\n", "static_configs: []\n");
    Files.writeString(file, checkable);

    assertThat(checkable).isNotEqualTo(config);
    promtool("config", file);
  }

  private void promtoolTakes(List<Manifest> objects) throws IOException {
    for (var rule : of(objects, "PrometheusRule").toList()) {
      var file = directory.resolve(rule.name() + ".yaml");
      Files.writeString(file, rule.at("/spec").toString());
      promtool("rules", file);
    }
  }

  private void promtool(String what, Path file) throws IOException {
    var output = directory.resolve("out");
    var process =
        new ProcessBuilder("promtool", "check", what, file.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  private static List<String> targets(Manifest monitor) {
    return Manifest.items(monitor.at("/spec/podMetricsEndpoints/0/relabelings"))
        .map(relabeling -> relabeling.path("targetLabel").asText())
        .toList();
  }

  private static List<String> expressions(List<Manifest> objects, String alert) {
    return rules(objects, alert).stream().map(rule -> rule.path("expr").asText()).toList();
  }

  private static List<JsonNode> rules(List<Manifest> objects, String alert) {
    return of(objects, "PrometheusRule")
        .flatMap(rule -> Manifest.items(rule.at("/spec/groups")))
        .flatMap(group -> Manifest.items(group.path("rules")))
        .filter(rule -> rule.path("alert").asText().equals(alert))
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
