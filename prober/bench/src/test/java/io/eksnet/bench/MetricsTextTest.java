package io.eksnet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class MetricsTextTest {
  private static final String BEFORE =
      """
      # TYPE probe_total counter
      probe_total{target="a}b",outcome="success"} 7
      probe_total{target="c",outcome="success"} 5.0
      probe_total{target="c",outcome="timeout"} 2
      probe_total_other 1000
      # TYPE lag_seconds histogram
      lag_seconds_bucket{le="0.001"} 10
      lag_seconds_bucket{le="0.01"} 20
      lag_seconds_bucket{le="+Inf"} 20
      probe_duration_seconds 0.00512
      """;

  private static final String AFTER =
      """
      lag_seconds_bucket{le="0.001"} 108
      lag_seconds_bucket{le="0.01"} 120
      lag_seconds_bucket{le="+Inf"} 120
      """;

  @Test
  void sumsTheSeriesOfExactlyThatName() {
    assertThat(MetricsText.sum(BEFORE, "probe_total", labels -> labels.contains("success")))
        .isEqualTo(12);
    assertThat(MetricsText.sum(BEFORE, "probe_total", labels -> true)).isEqualTo(14);
  }

  @Test
  void valueOfASeriesThatIsNotThereIsNotZero() {
    assertThat(MetricsText.value(BEFORE, "probe_duration_seconds")).isEqualTo(0.00512);
    assertThat(MetricsText.value(BEFORE, "probe_success")).isNaN();
    assertThat(MetricsText.value("probe_success 1\n", "probe_success")).isEqualTo(1);
  }

  @Test
  void countsSeriesAndNotComments() {
    assertThat(MetricsText.series(BEFORE)).isEqualTo(8);
  }

  @Test
  void bucketsOfAWindowLeaveOutWhatWasCountedBefore() {
    var window = Buckets.between(BEFORE, AFTER, "lag_seconds");

    assertThat(window.counts())
        .containsExactly(
            entry(0.001, 98.0), entry(0.01, 100.0), entry(Double.POSITIVE_INFINITY, 100.0));
    assertThat(window.atMost(0.98)).isEqualTo(0.001);
    assertThat(window.atMost(0.99)).isEqualTo(0.01);
    assertThat(window.atMost(1)).isEqualTo(0.01);
  }

  @Test
  void quantileOfAnEmptyWindowIsNotZero() {
    assertThat(Buckets.between(AFTER, AFTER, "lag_seconds").atMost(0.99)).isNaN();
  }
}
