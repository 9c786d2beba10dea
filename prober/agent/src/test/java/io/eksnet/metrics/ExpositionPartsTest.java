package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.own;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Phase;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_35_0.Metrics.MetricFamily;
import java.io.ByteArrayInputStream;
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
