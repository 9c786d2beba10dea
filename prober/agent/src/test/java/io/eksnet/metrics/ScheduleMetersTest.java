package io.eksnet.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Outcome.Reason;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScheduleMetersTest {
  private final Metrics metrics = Samples.metrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void missedBeatsAreCountedByReasonFromZero() {
    metrics.schedule().missed(Reason.STALL);
    metrics.schedule().missed(Reason.SHUTDOWN);

    var page = Page.of(metrics);
    assertThat(missed(page, "stall")).isEqualTo(1.0);
    assertThat(missed(page, "overlap")).isZero();
    assertThat(missed(page, "capacity")).isZero();
    assertThat(page.count("eksnet_probe_missed_total")).isEqualTo(3);
  }

  @Test
  void runsInFlightAreReadWhenScraped() {
    metrics.schedule().inFlight(() -> 42);

    assertThat(Page.of(metrics).value("eksnet_probes_in_flight", "cluster", "demo")).hasValue(42.0);
  }

  @Test
  void aRefusedConfigKeepsTheTimeOfTheLastGoodOne() {
    assertThat(reload(Page.of(metrics), "successful")).isEmpty();

    metrics.config().accepted(Samples.NOON);
    assertThat(reload(Page.of(metrics), "successful")).hasValue(1.0);
    metrics.config().refused();

    var page = Page.of(metrics);
    assertThat(reload(page, "successful")).hasValue(0.0);
    assertThat(reload(page, "success_timestamp_seconds")).hasValue(1_795_262_400.0);
  }

  private static Optional<Double> reload(Page page, String suffix) {
    return page.value("eksnet_config_last_reload_" + suffix, "cluster", "demo");
  }

  private static double missed(Page page, String reason) {
    return page.value("eksnet_probe_missed_total", "cluster", "demo", "reason", reason)
        .orElseThrow();
  }
}
