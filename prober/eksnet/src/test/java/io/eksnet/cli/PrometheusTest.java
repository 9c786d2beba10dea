package io.eksnet.cli;

import static io.eksnet.cli.Prometheus.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.TcpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole program, scraped by the real Prometheus and read by its promtool. */
@Timeout(120)
class PrometheusTest {
  private static final String TOTAL = "eksnet_probe_total";
  private static final String HOSTILE = "a\"b\\c d{e}=,é漢🙂\\n\"";
  private static final String HOSTILE_YAML = "\"a\\\"b\\\\c d{e}=,é漢🙂\\\\n\\\"\"";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "native-histograms"})
  void whatTheProgramCountedIsWhatIsStored(String feature) throws Exception {
    try (var server = TcpServer.start("");
        var program = Program.start(directory, config(server, "200ms"))) {
      awaitRuns(program, HOSTILE, "success", 3);
      awaitRuns(program, "broken", "conn_refused", 3);
      Files.writeString(program.config(), config(server, "24h"));
      Await.until(
          "the probes to pause",
          TIMEOUT,
          () -> Part.get(program.uri("/config")),
          page -> page.contains("interval: 1d"));
      Await.until(
          "the last run to end",
          TIMEOUT,
          () -> program.metrics().sum("eksnet_probes_in_flight", Map.of()),
          runs -> runs == 0);

      var address = program.uri("/").getAuthority();
      try (var prometheus = Prometheus.start(directory, address, feature)) {
        var successes = prometheus.single(TOTAL + "{outcome=\"success\",probe!=\"broken\"}");
        // Read last: a run that has ended is counted a moment later.
        var page = program.metrics();
        assertThat(labels(successes))
            .containsEntry("probe", HOSTILE)
            .containsEntry("site", HOSTILE)
            .containsEntry("cluster", "demo")
            .containsEntry("kind", "tcp");
        assertThat(value(successes))
            .isEqualTo(page.sum(TOTAL, Map.of("probe", HOSTILE, "outcome", "success")))
            .isGreaterThanOrEqualTo(3);
        assertThat(value(prometheus.single(TOTAL + "{outcome=\"conn_refused\",probe=\"broken\"}")))
            .isEqualTo(page.sum(TOTAL, Map.of("probe", "broken", "outcome", "conn_refused")))
            .isGreaterThanOrEqualTo(3);
        assertThat(value(prometheus.single(TOTAL + "{outcome=\"success\",probe=\"broken\"}")))
            .isZero();
        assertThat(value(prometheus.single("eksnet_probe_success{probe=\"broken\"}"))).isZero();
        var count =
            feature.isEmpty()
                ? "eksnet_probe_duration_seconds_count{probe!=\"broken\"}"
                : "histogram_count(eksnet_probe_duration_seconds{probe!=\"broken\"})";
        assertThat(value(prometheus.single(count))).isEqualTo(value(successes));
        assertThat(value(prometheus.single("scrape_samples_scraped"))).isGreaterThan(50);
      }
    }
  }

  @Test
  void promtoolFindsNothingToSay() throws Exception {
    try (var server = TcpServer.start("");
        var program = Program.start(directory, config(server, "200ms"))) {
      awaitRuns(program, HOSTILE, "success", 1);
      awaitRuns(program, "broken", "conn_refused", 1);
      var page = directory.resolve("page.txt");
      Files.writeString(page, Part.get(program.uri("/metrics")));

      var promtool =
          new ProcessBuilder("promtool", "check", "metrics")
              .redirectInput(page.toFile())
              .redirectErrorStream(true)
              .start();
      var output = new String(promtool.getInputStream().readAllBytes(), UTF_8);

      assertThat(output).isEmpty();
      assertThat(promtool.waitFor()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain;version=0.0.4, text/plain; version=0.0.4, eksnet_build_info{",
    "application/openmetrics-text;version=1.0.0, application/openmetrics-text;, # EOF",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
        + " application/vnd.google.protobuf;, eksnet_build_info",
  })
  void thePageIsThereInEachFormat(String accept, String type, String content) throws Exception {
    try (var server = TcpServer.start("");
        var program = Program.start(directory, config(server, "200ms"))) {
      var request =
          HttpRequest.newBuilder(program.uri("/metrics")).header("accept", accept).build();

      var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith(type);
      assertThat(answer.body()).contains(content);
    }
  }

  private static String config(TcpServer server, String interval) throws IOException {
    return """
        cluster: demo
        labels: {site: %s}
        suites: {dns: {enabled: false}}
        defaults: {interval: %s, timeout: 100ms}
        probes:
          - {name: %s, kind: tcp, targets: ["127.0.0.1:%d"]}
          - {name: broken, kind: tcp, targets: ["127.0.0.1:9"]}
        """
        .formatted(HOSTILE_YAML, interval, HOSTILE_YAML, server.addresses().get(0).getPort());
  }

  private static void awaitRuns(Program program, String probe, String outcome, double atLeast)
      throws Exception {
    Await.until(
        atLeast + " runs that come to " + outcome,
        TIMEOUT,
        () -> program.metrics().sum(TOTAL, Map.of("probe", probe, "outcome", outcome)),
        runs -> runs >= atLeast);
  }

  private static Map<String, Object> labels(JsonObject sample) {
    return sample.getJsonObject("metric").getMap();
  }
}
