package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.core.Cause;
import io.eksnet.core.Kind;
import io.eksnet.core.Outcome;
import io.eksnet.core.Phase;
import io.eksnet.core.Target;
import io.eksnet.metrics.Build;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapedByPrometheusTest {
  private static final String HOSTILE = "a\"b\\c\nd{e}=,é漢🙂\\n\"";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @ParameterizedTest
  @ValueSource(strings = {"", "native-histograms"})
  void whatWasProbedIsWhatIsStored(String feature, @TempDir Path dir) throws Exception {
    try (var endpoints = new Endpoints();
        var metrics = probed();
        var prometheus = new Prometheus(dir, endpoints.server().port(), feature)) {
      endpoints.metrics = metrics.exposition()::write;

      var success = prometheus.awaitValue("eksnet_probe_success");
      assertThat(success.getJsonObject("metric").getString("target")).isEqualTo(HOSTILE);
      assertThat(success.getJsonObject("metric").getString("cluster")).isEqualTo("demo");
      assertThat(number(success)).isEqualTo("1");
      assertThat(number(prometheus.awaitValue("eksnet_probe_total{outcome=\"success\"}")))
          .isEqualTo("100");
      assertThat(number(prometheus.awaitValue("eksnet_probe_total{outcome=\"timeout\"}")))
          .isEqualTo("1");
    }
  }

  @Test
  void nativeHistogramsAreFinerThanTheClassicBuckets(@TempDir Path dir) throws Exception {
    try (var endpoints = new Endpoints();
        var metrics = probed();
        var prometheus = new Prometheus(dir, endpoints.server().port(), "native-histograms")) {
      endpoints.metrics = metrics.exposition()::write;

      var median = prometheus.awaitValue("histogram_quantile(0.5, eksnet_probe_duration_seconds)");
      assertThat(Double.parseDouble(number(median))).isBetween(0.0030, 0.0040);
    }
  }

  /** A hundred successes of 3.5 ms and one failure. */
  private static Metrics probed() {
    var metrics =
        new Metrics(
            FixedLabels.of("demo", Map.of()),
            List.of("tcp"),
            Duration.ofMinutes(1),
            new Build("0.1.0", "abcdef", "17"));
    var task = Samples.task("db", HOSTILE);
    metrics.probes().add(task, new Tcp());
    metrics
        .probes()
        .record(Samples.seen(task, 0, new Outcome.Failure(Phase.CONNECT, Cause.TIMEOUT, "late")));
    for (int second = 1; second <= 100; second++) {
      metrics.probes().record(Samples.succeeded(task, second));
    }
    return metrics;
  }

  private static String number(JsonObject sample) {
    return sample.getJsonArray("value").getString(1);
  }

  /** Debian's Prometheus, scraping each second. */
  private static final class Prometheus implements AutoCloseable {
    private final Process process;
    private final int port;

    Prometheus(Path dir, int target, String feature) throws IOException {
      port = freePort();
      var config =
          Files.writeString(
              dir.resolve("prometheus.yml"),
              """
              global: {scrape_interval: 1s}
              scrape_configs:
                - job_name: eksnet
                  static_configs: [{targets: ["127.0.0.1:%d"]}]
              """
                  .formatted(target));
      try {
        process =
            new ProcessBuilder(
                    "prometheus",
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + dir.resolve("data"),
                    "--web.listen-address=127.0.0.1:" + port,
                    "--enable-feature=" + feature)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("prometheus.log").toFile())
                .start();
      } catch (IOException e) {
        throw new AssertionError("prometheus is missing; on Debian: apt-get install prometheus", e);
      }
    }

    /** The only sample that a query answers with, once it does. */
    JsonObject awaitValue(String query) throws Exception {
      var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (System.nanoTime() < deadline) {
        var result = ask(query);
        if (!result.isEmpty()) {
          assertThat(result).hasSize(1);
          return result.getJsonObject(0);
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
      throw new AssertionError("nothing was stored for " + query);
    }

    private JsonArray ask(String query) throws InterruptedException {
      var uri =
          "http://127.0.0.1:"
              + port
              + "/api/v1/query?query="
              + URLEncoder.encode(query, StandardCharsets.UTF_8);
      try {
        var answer =
            HTTP.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
        return answer.statusCode() == 200
            ? new JsonObject(answer.body()).getJsonObject("data").getJsonArray("result")
            : new JsonArray();
      } catch (IOException e) {
        return new JsonArray();
      }
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }

    private static int freePort() throws IOException {
      try (var socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      }
    }
  }

  private static final class Tcp implements Kind<Samples.NoSettings> {
    @Override
    public String name() {
      return "tcp";
    }

    @Override
    public String summary() {
      return "For tests.";
    }

    @Override
    public Class<Samples.NoSettings> settings() {
      return Samples.NoSettings.class;
    }

    @Override
    public Target target(String text, Samples.NoSettings settings) {
      return Target.of(text, text, 1);
    }

    @Override
    public List<Phase> phases() {
      return List.of(Phase.RESOLVE, Phase.CONNECT);
    }

    @Override
    public Set<Cause> causes() {
      return Set.of(Cause.TIMEOUT);
    }
  }
}
