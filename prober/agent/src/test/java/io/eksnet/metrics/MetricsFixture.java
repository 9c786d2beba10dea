package io.eksnet.metrics;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.PlainKind;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tasks, kinds and observations to test with. */
public final class MetricsFixture {
  public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  public static final KindSpec<NoSettings> TCP =
      kind(
          "tcp",
          List.of(Phase.RESOLVE, Phase.CONNECT),
          Set.of(Cause.CONN_REFUSED, Cause.TIMEOUT, Cause.NXDOMAIN));
  public static final KindSpec<NoSettings> DNS =
      kind("dns", List.of(Phase.PROCESSING), Set.of(Cause.SERVFAIL, Cause.TIMEOUT));

  public static final KindSpec<NoSettings> HTTP =
      kind("http", List.of(Phase.values()), EnumSet.allOf(Cause.class));

  public record NoSettings() {}

  private MetricsFixture() {}

  public static KindSpec<NoSettings> kind(String name, List<Phase> phases, Set<Cause> causes) {
    return new PlainKind<>(name, NoSettings.class, phases, causes);
  }

  public static Metrics metrics() {
    return new Metrics(
        FixedLabels.of("demo", Map.of()),
        List.of("dns", "http", "tcp", "tls"),
        Duration.ofSeconds(60),
        new BuildVersion("0.1.0", "abcdef", "17"));
  }

  public static Task own(String probe, String kind, String target) {
    return task(
        new SeriesKey.UserProbeKey(probe, kind, target), kind, Duration.ofSeconds(10), false);
  }

  public static Task dns(String path, String queryClass) {
    return task(
        new SeriesKey.DnsKey(path, "", queryClass, "A", "udp"),
        "dns",
        Duration.ofSeconds(10),
        false);
  }

  /** A task of a suite against this URL-like target. */
  public static Task suite(SeriesKey subject, String host, boolean secure) {
    return new Task(
        "node/" + subject,
        subject,
        "http",
        new NoSettings(),
        new Target(host, host, 443, "/", secure),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        false);
  }

  public static Outcome answered(Phase last, Note... notes) {
    var timings = new Timings.Builder();
    for (var phase : Phase.values()) {
      if (phase.compareTo(last) <= 0) {
        timings.add(phase, 1_000_000);
      }
    }
    return new Outcome.Success(timings.total(5_000_000), List.of(notes));
  }

  public static Outcome failure(Phase phase, Cause cause, Note... notes) {
    return new Outcome.Failure(
        phase, cause, "for people", Timings.of(Duration.ofSeconds(1)), List.of(notes));
  }

  public static Task task(SeriesKey subject, String kind, Duration every, boolean negative) {
    return new Task(
        "node/" + subject + every,
        subject,
        kind,
        new NoSettings(),
        Target.of("t", "127.0.0.1", 1),
        every,
        Duration.ofSeconds(1),
        negative);
  }

  public static Observation seen(Task task, Outcome outcome) {
    return seen(task, outcome, NOON);
  }

  public static Observation seen(Task task, Outcome outcome, Instant at) {
    return new Observation(task, at, Duration.ofMillis(4), outcome);
  }

  public static Outcome success(long millis, Note... notes) {
    return new Outcome.Success(
        new Timings.Builder().add(Phase.CONNECT, millis * 1_000_000).total(millis * 1_000_000),
        List.of(notes));
  }

  public static Outcome failure(Cause cause) {
    return new Outcome.Failure(
        Phase.CONNECT, cause, "for people", Timings.of(Duration.ofSeconds(1)), List.of());
  }
}
