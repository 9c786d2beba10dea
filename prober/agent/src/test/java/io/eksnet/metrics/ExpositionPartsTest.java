package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.own;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.MetricSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_35_0.Metrics.MetricFamily;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Families with more data points than one part has. */
class ExpositionPartsTest {
  private static final int TARGETS = 1_700;
  private static final KindSpec<MetricsFixture.NoSettings> TCP =
      MetricsFixture.kind(
          "tcp", List.of(Phase.CONNECT), EnumSet.of(Cause.CONN_REFUSED, Cause.TIMEOUT));

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/openmetrics-text"})
  void textHasTheCommentsOfEachFamilyOnceAndAllSamples(String accept) {
    try (var metrics = metrics()) {
      var text = new String(Page.bytes(metrics, accept), StandardCharsets.UTF_8);

      var comments = text.lines().filter(line -> line.startsWith("#")).toList();
      assertThat(comments).doesNotHaveDuplicates();
      assertThat(comments.contains("# EOF")).isEqualTo(accept.contains("openmetrics"));
      var page = Page.of(text);
      assertThat(page.count("eksnet_probe_total")).isEqualTo(TARGETS * 4L);
      assertThat(page.count("eksnet_probe_success")).isEqualTo(TARGETS);
      assertThat(page.count("eksnet_probe_duration_seconds_count")).isEqualTo(TARGETS);
    }
  }

  /** Values at the edges of decimal notation, labels with all characters that are escaped. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void textIsThatOfTheClientLibrary(boolean openMetrics) throws Exception {
    var writer =
        openMetrics
            ? OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(false).build()
            : PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
    try (var metrics = MetricsFixture.metrics()) {
      var odd = own("p", "tcp", "a\\b\"c\nd\u00e9\u2603{},");
      metrics.probes().add(odd, TCP);
      metrics.probes().record(seen(odd, success(3)));
      metrics
          .probes()
          .record(seen(odd, new Outcome.NotRun(Outcome.Reason.STALL, "", 12_345_678_901L)));
      var gauges =
          metrics
              .instruments()
              .register(
                  new GaugeFamily(
                      new MetricSpec("eksnet_probe_values", MetricSpec.Type.GAUGE, "Values.")));
      var values =
          new double[] {
            0,
            -0.0,
            1,
            -1,
            0.001,
            1e-4,
            9_999_999,
            1e7,
            1e300,
            1_790_000_000.123,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE
          };
      for (var i = 0; i < values.length; i++) {
        gauges.add(i == 0 ? Labels.EMPTY : Labels.of("n", String.valueOf(i))).set(values[i]);
      }
      var expected = new ByteArrayOutputStream();
      writer.write(
          expected,
          metrics.instruments().registry().scrape(name -> name.startsWith("eksnet_probe")));

      var accept = openMetrics ? "application/openmetrics-text" : "text/plain";
      assertThat(
              new String(Page.bytes(metrics, accept), StandardCharsets.UTF_8)
                  .lines()
                  .filter(line -> line.contains("eksnet_probe") || line.equals("# EOF")))
          .containsExactlyInAnyOrderElementsOf(
              expected.toString(StandardCharsets.UTF_8).lines().toList());
    }
  }

  @Test
  void protobufHasEachFamilyOnceWithAllMetrics() throws Exception {
    try (var metrics = metrics()) {
      var in =
          new ByteArrayInputStream(Page.bytes(metrics, ExpositionFormat.PROTOBUF.contentType()));
      Map<String, MetricFamily> families = new HashMap<>();
      for (var family = MetricFamily.parseDelimitedFrom(in);
          family != null;
          family = MetricFamily.parseDelimitedFrom(in)) {
        assertThat(families.put(family.getName(), family)).as(family.getName()).isNull();
      }

      assertThat(family(families, "eksnet_probe_total").getMetricCount()).isEqualTo(TARGETS * 4);
      assertThat(family(families, "eksnet_probe_total").getHelp()).isNotEmpty();
      assertThat(family(families, "eksnet_probe_success").getMetricCount()).isEqualTo(TARGETS);
      assertThat(family(families, "eksnet_probe_duration_seconds").getMetricList())
          .hasSize(TARGETS)
          .allSatisfy(metric -> assertThat(metric.getHistogram().getSampleCount()).isEqualTo(1));
    }
  }

  private static MetricFamily family(Map<String, MetricFamily> families, String name) {
    return Objects.requireNonNull(families.get(name), name);
  }

  private static Metrics metrics() {
    var metrics = MetricsFixture.metrics();
    for (var i = 0; i < TARGETS; i++) {
      var task = own("p" + i, "tcp", "host-" + i + ":80");
      metrics.probes().add(task, TCP);
      metrics.probes().record(seen(task, success(3)));
    }
    return metrics;
  }
}
