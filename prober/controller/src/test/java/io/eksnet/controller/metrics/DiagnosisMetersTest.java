package io.eksnet.controller.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.metrics.Metrics;
import io.eksnet.metrics.MetricsFixture;
import io.eksnet.metrics.Page;
import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiagnosisMetersTest {
  private final Metrics metrics = MetricsFixture.metrics();
  private final ControllerMetrics own = ControllerMetrics.register(metrics.instruments());

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void boundsSeriesAndKeepsThoseOfOpenFindings() {
    for (var round = 0; round < 5; round++) {
      var from = 1_000 * round;
      var findings =
          IntStream.range(from, from + 1_500).mapToObj(i -> finding("node/" + i)).toList();
      own.diagnosis().update(findings, NOON.plusSeconds(round));
    }

    assertThat(active()).hasSize(2_000);
    assertThat(active().stream().filter(line -> line.endsWith(" 1.0"))).hasSize(1_000);
  }

  @Test
  void truncatesLongScopes() {
    own.diagnosis().update(List.of(finding("node/" + "x".repeat(100_000))), NOON);

    assertThat(active()).singleElement().asString().hasSizeLessThan(800);
  }

  @Test
  void removesSeriesWhenAnotherReplicaLeads() {
    own.diagnosis().update(List.of(finding("node/a")), NOON);
    own.diagnosis().update(List.of(), NOON.plusSeconds(3));
    assertThat(active()).singleElement().asString().endsWith(" 0.0");

    own.diagnosis().forget();
    assertThat(active()).isEmpty();
  }

  private List<String> active() {
    return Page.of(metrics)
        .text()
        .lines()
        .filter(line -> line.startsWith("eksnet_diagnosis_active{"))
        .toList();
  }

  private static Finding finding(String scope) {
    return new Finding(
        RootCause.values()[0],
        scope,
        new Confidence(90),
        List.of("seen"),
        List.of(),
        List.of("do"),
        List.of(),
        Set.of(),
        Duration.ZERO);
  }
}
