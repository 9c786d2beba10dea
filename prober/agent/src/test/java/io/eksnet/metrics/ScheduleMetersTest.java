package io.eksnet.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.Outcome.Part;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Phase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScheduleMetersTest {
  private final Metrics metrics = MetricsFixture.metrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void countsMissedTicksByReasonFromZero() {
    record(new NotRun(Reason.STALL, "", 4));
    record(new NotRun(Reason.STALL));
    record(new NotRun(Reason.PROBER, "Too many open files", 1));
    record(new Outcome.Failure(Phase.CONNECT, Cause.TIMEOUT, "no connection"));
    record(
        new Outcome.Several(
            List.of(
                new Part("10.0.0.1", new NotRun(Reason.PROBER)),
                new Part("10.0.0.2", new NotRun(Reason.PROBER)))));

    var page = Page.of(metrics);
    assertThat(missed(page, "stall")).isEqualTo(5.0);
    assertThat(missed(page, "prober")).isEqualTo(2.0);
    assertThat(missed(page, "overlap")).isZero();
    assertThat(missed(page, "capacity")).isZero();
    assertThat(missed(page, "shutdown")).isZero();
    assertThat(page.count("eksnet_probe_missed_total")).isEqualTo(5);
  }

  private void record(Outcome outcome) {
    metrics.schedule().record(MetricsFixture.seen(MetricsFixture.own("db", "tcp", "t"), outcome));
  }

  @Test
  void runsInFlightAreReadWhenScraped() {
    metrics.schedule().inFlight(() -> 42);

    assertThat(Page.of(metrics).value("eksnet_probes_in_flight", "cluster", "demo")).hasValue(42.0);
  }

  @Test
  void aRefusedConfigKeepsTheTimeOfTheLastGoodOne() {
    assertThat(reload(Page.of(metrics), "successful")).isEmpty();

    metrics.config().accepted(MetricsFixture.NOON);
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
