package io.eksnet.metrics;

import io.eksnet.core.Cause;
import io.eksnet.core.Kind;
import io.eksnet.core.Note;
import io.eksnet.core.Observation;
import io.eksnet.core.Outcome;
import io.eksnet.core.Phase;
import io.eksnet.core.PlainKind;
import io.eksnet.core.Subject;
import io.eksnet.core.Target;
import io.eksnet.core.Task;
import io.eksnet.core.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tasks, kinds and observations to test with. */
final class Samples {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final Kind<NoSettings> TCP =
      kind(
          "tcp",
          List.of(Phase.RESOLVE, Phase.CONNECT),
          Set.of(Cause.CONN_REFUSED, Cause.TIMEOUT, Cause.NXDOMAIN));
  static final Kind<NoSettings> DNS =
      kind("dns", List.of(Phase.PROCESSING), Set.of(Cause.SERVFAIL, Cause.TIMEOUT));

  static final Kind<NoSettings> HTTP =
      kind("http", List.of(Phase.values()), EnumSet.allOf(Cause.class));

  record NoSettings() {}

  private Samples() {}

  static Kind<NoSettings> kind(String name, List<Phase> phases, Set<Cause> causes) {
    return new PlainKind<>(name, NoSettings.class, phases, causes);
  }

  static Metrics metrics() {
    return new Metrics(
        FixedLabels.of("demo", Map.of()),
        List.of("dns", "http", "tcp", "tls"),
        Duration.ofSeconds(60),
        new Build("0.1.0", "abcdef", "17"));
  }

  static Task own(String probe, String kind, String target) {
    return task(new Subject.OwnProbe(probe, kind, target), kind, Duration.ofSeconds(10), false);
  }

  static Task dns(String path, String queryClass) {
    return task(
        new Subject.DnsPath(path, "", queryClass, "A", "udp"),
        "dns",
        Duration.ofSeconds(10),
        false);
  }

  /** A task of a suite against this URL-like target. */
  static Task suite(Subject subject, String host, boolean secure) {
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

  static Outcome answered(Phase last, Note... notes) {
    var timings = new Timings.Builder();
    for (var phase : Phase.values()) {
      if (phase.compareTo(last) <= 0) {
        timings.add(phase, 1_000_000);
      }
    }
    return new Outcome.Success(timings.total(5_000_000), List.of(notes));
  }

  static Outcome failure(Phase phase, Cause cause, Note... notes) {
    return new Outcome.Failure(
        phase, cause, "for people", Timings.of(Duration.ofSeconds(1)), List.of(notes));
  }

  static Task task(Subject subject, String kind, Duration every, boolean negative) {
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

  static Observation seen(Task task, Outcome outcome) {
    return seen(task, outcome, NOON);
  }

  static Observation seen(Task task, Outcome outcome, Instant at) {
    return new Observation(task, at, Duration.ofMillis(4), outcome);
  }

  static Outcome success(long millis, Note... notes) {
    return new Outcome.Success(
        new Timings.Builder().add(Phase.CONNECT, millis * 1_000_000).total(millis * 1_000_000),
        List.of(notes));
  }

  static Outcome failure(Cause cause) {
    return new Outcome.Failure(
        Phase.CONNECT, cause, "for people", Timings.of(Duration.ofSeconds(1)), List.of());
  }
}
