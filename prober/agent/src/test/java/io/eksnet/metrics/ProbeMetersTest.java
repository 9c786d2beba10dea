package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;
import static io.eksnet.metrics.MetricsFixture.TCP;
import static io.eksnet.metrics.MetricsFixture.failure;
import static io.eksnet.metrics.MetricsFixture.own;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProbeMetersTest {
  /** Has no series of TLS for any target at first. */
  private static final KindSpec<MetricsFixture.NoSettings> REDIRECTING =
      new KindSpec<>() {
        @Override
        public String name() {
          return "http";
        }

        @Override
        public String summary() {
          return "For tests.";
        }

        @Override
        public Class<MetricsFixture.NoSettings> settings() {
          return MetricsFixture.NoSettings.class;
        }

        @Override
        public Target target(String text, MetricsFixture.NoSettings settings) {
          return Target.of(text, text, 80);
        }

        @Override
        public List<Phase> phases() {
          return List.of(Phase.values());
        }

        @Override
        public Set<Cause> causes() {
          return EnumSet.allOf(Cause.class);
        }

        @Override
        public Set<Cause> causes(MetricsFixture.NoSettings settings, Target target) {
          return EnumSet.of(Cause.TIMEOUT);
        }
      };

  private final Metrics metrics = MetricsFixture.metrics();
  private final ProbeMeters probes = metrics.probes();
  private final Task db = own("db", "tcp", "db:5432");

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void everyOutcomeOfAKindIsAtZeroFromTheFirstMoment() {
    probes.add(db, TCP);

    var page = Page.of(metrics);
    for (var outcome : List.of("success", "not_run", "conn_refused", "timeout", "nxdomain")) {
      assertThat(runs(page, outcome)).as(outcome).hasValue(0.0);
    }
    assertThat(page.count("eksnet_probe_total")).isEqualTo(5);
    assertThat(value(page, "eksnet_probe_success")).isEmpty();
    assertThat(value(page, "eksnet_probe_last_run_timestamp_seconds")).isEmpty();
    assertThat(duration(page, "count")).hasValue(0.0);
    assertThat(phase(page, "connect", "count")).hasValue(0.0);
  }

  /** A target without TLS may redirect to one with TLS. */
  @Test
  void outcomesOfTlsAreAtZeroOnceARunPassedTls() {
    probes.add(db, REDIRECTING);
    probes.record(seen(db, success(1)));
    assertThat(runs(Page.of(metrics), "tls_expired")).isEmpty();

    probes.record(seen(db, MetricsFixture.answered(Phase.TLS)));
    assertThat(runs(Page.of(metrics), "tls_expired")).hasValue(0.0);
    assertThat(runs(Page.of(metrics), "success")).hasValue(2.0);

    probes.record(seen(db, failure(Cause.TLS_EXPIRED)));
    assertThat(runs(Page.of(metrics), "tls_expired")).hasValue(1.0);
    assertThat(runs(Page.of(metrics), "nxdomain")).isEmpty();
  }

  @Test
  void successIsCountedTimedAndDated() {
    probes.add(db, TCP);
    probes.record(seen(db, success(250)));

    var page = Page.of(metrics);
    assertThat(runs(page, "success")).hasValue(1.0);
    assertThat(value(page, "eksnet_probe_success")).hasValue(1.0);
    assertThat(value(page, "eksnet_probe_last_run_timestamp_seconds")).hasValue(1_795_262_400.0);
    assertThat(duration(page, "sum")).hasValue(0.25);
    assertThat(phase(page, "connect", "sum")).hasValue(0.25);
    assertThat(phase(page, "resolve", "count")).hasValue(0.0);
  }

  @Test
  void failureNeverEntersTheDurations() {
    probes.add(db, TCP);
    probes.record(seen(db, failure(Cause.TIMEOUT)));

    var page = Page.of(metrics);
    assertThat(runs(page, "timeout")).hasValue(1.0);
    assertThat(value(page, "eksnet_probe_success")).hasValue(0.0);
    assertThat(duration(page, "count")).hasValue(0.0);
    assertThat(phase(page, "connect", "count")).hasValue(0.0);
  }

  @Test
  void successWithoutADurationIsNotZeroSeconds() {
    probes.add(db, TCP);
    probes.record(seen(db, new Outcome.Success(Timings.NONE)));

    var page = Page.of(metrics);
    assertThat(runs(page, "success")).hasValue(1.0);
    assertThat(duration(page, "count")).hasValue(0.0);
  }

  @Test
  void notRunIsNoEvidenceOfTheTarget() {
    probes.add(db, TCP);
    probes.record(seen(db, success(1)));
    probes.record(seen(db, new Outcome.NotRun(Reason.STALL), NOON.plusSeconds(10)));

    var page = Page.of(metrics);
    assertThat(runs(page, "not_run")).hasValue(1.0);
    assertThat(value(page, "eksnet_probe_success")).hasValue(1.0);
    assertThat(value(page, "eksnet_probe_last_run_timestamp_seconds")).hasValue(1_795_262_400.0);
  }

  @Test
  void everyTickWithoutARunIsCounted() {
    probes.add(db, TCP);
    probes.record(seen(db, new Outcome.NotRun(Reason.STALL, "", 7)));

    assertThat(runs(Page.of(metrics), "not_run")).hasValue(7.0);
  }

  /** The interval is 10 s, and the last run took 4 ms. */
  @Test
  void theStateOfATargetIsAbsentAfterThreeIntervalsWithoutAResult() {
    probes.add(db, TCP);
    probes.record(seen(db, success(1)));
    for (var seconds = 10; seconds <= 30; seconds += 10) {
      var outcome = new Outcome.NotRun(Reason.PROBER, "Too many open files", 1);
      probes.record(seen(db, outcome, NOON.plusSeconds(seconds)));
    }
    assertThat(value(Page.of(metrics), "eksnet_probe_success")).hasValue(1.0);

    probes.sweep(NOON.plusMillis(30_003));
    assertThat(value(Page.of(metrics), "eksnet_probe_success")).hasValue(1.0);
    probes.sweep(NOON.plusMillis(30_004));
    assertThat(value(Page.of(metrics), "eksnet_probe_success")).isEmpty();
    assertThat(value(Page.of(metrics), "eksnet_probe_last_run_timestamp_seconds"))
        .hasValue(1_795_262_400.0);

    probes.record(seen(db, failure(Cause.TIMEOUT), NOON.plusSeconds(40)));
    assertThat(value(Page.of(metrics), "eksnet_probe_success")).hasValue(0.0);
    probes.record(seen(db, new Outcome.NotRun(Reason.STALL, "", 3), NOON.plusSeconds(71)));
    assertThat(value(Page.of(metrics), "eksnet_probe_success")).isEmpty();
  }

  @Test
  void eachAddressIsCountedAndAllMustSucceed() {
    probes.add(db, TCP);
    probes.record(
        seen(
            db,
            new Outcome.Several(
                List.of(
                    new Outcome.Part("10.0.0.1", success(100)),
                    new Outcome.Part("10.0.0.2", failure(Cause.CONN_REFUSED)),
                    new Outcome.Part("10.0.0.3", success(100))))));

    var page = Page.of(metrics);
    assertThat(runs(page, "success")).hasValue(2.0);
    assertThat(runs(page, "conn_refused")).hasValue(1.0);
    assertThat(value(page, "eksnet_probe_success")).hasValue(0.0);
    assertThat(duration(page, "count")).hasValue(2.0);
  }

  @Test
  void anUnannouncedCauseIsCountedAllTheSame() {
    probes.add(db, TCP);
    probes.record(seen(db, failure(Cause.HTTP_BODY)));

    assertThat(runs(Page.of(metrics), "http_body")).hasValue(1.0);
  }

  @Test
  void aNegativeTaskCanReportAnOpenPath() {
    probes.add(
        MetricsFixture.task(
            new SeriesKey.UserProbeKey("db", "tcp", "db:5432"), "tcp", Duration.ofSeconds(5), true),
        TCP);

    assertThat(runs(Page.of(metrics), "wrong_answer")).hasValue(0.0);
  }

  @Test
  void removesExpiryAfterThreeRunsWithoutCertificate() {
    probes.add(db, TCP);
    var presented = success(1, new Note.CertificateExpiry(Instant.ofEpochSecond(1_900_000_000)));
    probes.record(seen(db, presented));
    probes.record(seen(db, failure(Cause.TIMEOUT)));
    probes.record(seen(db, failure(Cause.TIMEOUT)));
    probes.record(seen(db, presented));
    probes.record(seen(db, failure(Cause.TIMEOUT)));
    probes.record(seen(db, new Outcome.NotRun(Reason.PROBER)));
    assertThat(Page.of(metrics).count("eksnet_certificate_expiry_timestamp_seconds")).isOne();

    probes.record(seen(db, failure(Cause.TIMEOUT)));
    assertThat(Page.of(metrics).count("eksnet_certificate_expiry_timestamp_seconds")).isZero();

    probes.record(seen(db, presented));
    assertThat(Page.of(metrics).count("eksnet_certificate_expiry_timestamp_seconds")).isOne();
  }

  @Test
  void theFirstCertificateToEndDecides() {
    probes.add(db, TCP);
    probes.record(
        seen(
            db,
            success(
                1,
                new Note.CertificateExpiry(Instant.ofEpochSecond(2_000_000_000)),
                new Note.CertificateExpiry(Instant.ofEpochSecond(1_900_000_000)))));
    probes.record(seen(db, failure(Cause.TIMEOUT)));

    assertThat(
            Page.of(metrics)
                .value(
                    "eksnet_certificate_expiry_timestamp_seconds",
                    "cluster",
                    "demo",
                    "probe",
                    "db",
                    "lb",
                    "",
                    "target",
                    "db:5432"))
        .hasValue(1_900_000_000.0);
  }

  @Test
  void theLastFailureIsStillScrapedInTheGraceAndThenGone() {
    probes.add(db, TCP);
    probes.record(seen(db, failure(Cause.TIMEOUT)));
    probes.retire(db, NOON);
    probes.sweep(NOON.plusSeconds(59));
    assertThat(runs(Page.of(metrics), "timeout")).hasValue(1.0);

    probes.sweep(NOON.plusSeconds(60));

    var page = Page.of(metrics);
    assertThat(page.text()).doesNotContain("db:5432");
    assertThat(page.count("eksnet_probe_duration_seconds_count")).isZero();
    assertThat(page.count("eksnet_probe_phase_seconds_count")).isZero();
  }

  @Test
  void aTargetNeverProbedCanBeRemoved() {
    probes.retire(db, NOON);
    probes.add(db, TCP);
    probes.retire(db, NOON);
    probes.sweep(NOON.plusSeconds(60));

    assertThat(Page.of(metrics).text()).doesNotContain("db:5432");
  }

  @Test
  void aTaskWithAnotherIntervalGoesOnCounting() {
    var slower =
        MetricsFixture.task(
            new SeriesKey.UserProbeKey("db", "tcp", "db:5432"),
            "tcp",
            Duration.ofSeconds(30),
            false);
    probes.add(db, TCP);
    probes.record(seen(db, success(1)));
    probes.retire(db, NOON);
    probes.add(slower, TCP);
    probes.sweep(NOON.plusSeconds(600));
    probes.record(seen(slower, success(1)));

    assertThat(runs(Page.of(metrics), "success")).hasValue(2.0);
  }

  @Test
  void seriesStayWhileOneOfTheirTasksDoes() {
    var twin =
        MetricsFixture.task(
            new SeriesKey.UserProbeKey("db", "tcp", "db:5432"),
            "tcp",
            Duration.ofSeconds(30),
            false);
    probes.add(db, TCP);
    probes.add(twin, TCP);
    probes.retire(db, NOON);
    probes.sweep(NOON.plusSeconds(600));

    assertThat(runs(Page.of(metrics), "success")).hasValue(0.0);
  }

  @Test
  void oneTargetGoesAndTheOthersOfItsProbeStay() {
    var other = own("db", "tcp", "other:5432");
    probes.add(db, TCP);
    probes.add(other, TCP);
    probes.record(seen(other, success(100)));
    probes.retire(db, NOON);
    probes.sweep(NOON.plusSeconds(60));

    var page = Page.of(metrics);
    assertThat(page.text()).doesNotContain("db:5432").contains("other:5432");
    assertThat(duration(page, "count")).hasValue(1.0);
  }

  @Test
  void aProbeThatChangesItsKindShowsOneCertificateOfATarget() {
    var tls = own("db", "tls", "db:5432");
    probes.add(db, TCP);
    probes.record(
        seen(db, success(1, new Note.CertificateExpiry(Instant.ofEpochSecond(1_900_000_000)))));
    probes.retire(db, NOON);
    probes.add(tls, TCP);
    probes.record(
        seen(tls, success(1, new Note.CertificateExpiry(Instant.ofEpochSecond(2_000_000_000)))));

    var page = Page.of(metrics);
    assertThat(page.count("eksnet_certificate_expiry_timestamp_seconds")).isEqualTo(1);
    assertThat(page.text()).contains("target=\"db:5432\"} 2.0E9");
  }

  @Test
  void aLateRunOfAGoneTargetIsNoTrouble() {
    probes.record(seen(db, success(1)));

    assertThat(Page.of(metrics).count("eksnet_probe_total")).isZero();
  }

  @Test
  void droppedTargetsAreCountedByKind() {
    probes.dropped("tcp", 3);

    var page = Page.of(metrics);
    assertThat(page.value("eksnet_targets_dropped_total", "cluster", "demo", "kind", "tcp"))
        .hasValue(3.0);
    assertThat(page.value("eksnet_targets_dropped_total", "cluster", "demo", "kind", "http"))
        .hasValue(0.0);
  }

  private static Optional<Double> runs(Page page, String outcome) {
    return page.value(
        "eksnet_probe_total",
        "cluster",
        "demo",
        "probe",
        "db",
        "kind",
        "tcp",
        "target",
        "db:5432",
        "outcome",
        outcome);
  }

  private static Optional<Double> value(Page page, String name) {
    return page.value(name, "cluster", "demo", "probe", "db", "kind", "tcp", "target", "db:5432");
  }

  private static Optional<Double> duration(Page page, String suffix) {
    return page.value(
        "eksnet_probe_duration_seconds_" + suffix, "cluster", "demo", "probe", "db", "kind", "tcp");
  }

  private static Optional<Double> phase(Page page, String phase, String suffix) {
    return page.value(
        "eksnet_probe_phase_seconds_" + suffix,
        "cluster",
        "demo",
        "probe",
        "db",
        "kind",
        "tcp",
        "phase",
        phase);
  }
}
