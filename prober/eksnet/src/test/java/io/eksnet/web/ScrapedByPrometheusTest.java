package io.eksnet.web;

import static io.eksnet.cli.Prometheus.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.cli.Prometheus;
import io.eksnet.metrics.BuildVersion;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.PlainKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapedByPrometheusTest {
  private static final String HOSTILE = "a\"b\\c\nd{e}=,é漢🙂\\n\"";

  private static final KindSpec<WebFixture.NoSettings> TCP =
      new PlainKind<>(
          "tcp",
          WebFixture.NoSettings.class,
          List.of(Phase.RESOLVE, Phase.CONNECT),
          Set.of(Cause.TIMEOUT));

  @ParameterizedTest
  @ValueSource(strings = {"", "native-histograms"})
  void prometheusStoresTheResults(String feature, @TempDir Path dir) throws Exception {
    try (var endpoints = new Endpoints();
        var metrics = probed();
        var prometheus = prometheus(dir, endpoints, feature)) {
      endpoints.metrics = metrics.exposition()::write;

      var success = prometheus.single("eksnet_probe_success");
      assertThat(success.getJsonObject("metric").getString("target")).isEqualTo(HOSTILE);
      assertThat(success.getJsonObject("metric").getString("cluster")).isEqualTo("demo");
      assertThat(value(success)).isEqualTo(1);
      assertThat(value(prometheus.single("eksnet_probe_total{outcome=\"success\"}")))
          .isEqualTo(100);
      assertThat(value(prometheus.single("eksnet_probe_total{outcome=\"timeout\"}"))).isEqualTo(1);
    }
  }

  @Test
  void nativeHistogramsAreFinerThanClassicBuckets(@TempDir Path dir) throws Exception {
    try (var endpoints = new Endpoints();
        var metrics = probed();
        var prometheus = prometheus(dir, endpoints, "native-histograms")) {
      endpoints.metrics = metrics.exposition()::write;

      var median = prometheus.single("histogram_quantile(0.5, eksnet_probe_duration_seconds)");
      assertThat(value(median)).isBetween(0.0030, 0.0040);
    }
  }

  private static Prometheus prometheus(Path dir, Endpoints endpoints, String feature)
      throws Exception {
    return Prometheus.start(dir, "127.0.0.1:" + endpoints.server().port(), feature);
  }

  /** A hundred successes of 3.5 ms and one failure. */
  private static Metrics probed() {
    var metrics =
        new Metrics(
            FixedLabels.of("demo", Map.of()),
            List.of("tcp"),
            Duration.ofMinutes(1),
            new BuildVersion("0.1.0", "abcdef", "17"));
    var task = WebFixture.task("db", HOSTILE);
    metrics.probes().add(task, TCP);
    metrics
        .probes()
        .record(
            WebFixture.seen(task, 0, new Outcome.Failure(Phase.CONNECT, Cause.TIMEOUT, "late")));
    for (int second = 1; second <= 100; second++) {
      metrics.probes().record(WebFixture.succeeded(task, second));
    }
    return metrics;
  }
}
