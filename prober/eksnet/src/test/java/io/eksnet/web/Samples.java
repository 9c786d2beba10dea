package io.eksnet.web;

import io.eksnet.core.Cause;
import io.eksnet.core.Note;
import io.eksnet.core.Observation;
import io.eksnet.core.Outcome;
import io.eksnet.core.Phase;
import io.eksnet.core.Subject;
import io.eksnet.core.Target;
import io.eksnet.core.Task;
import io.eksnet.core.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tasks and observations to test with. */
final class Samples {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  record NoSettings() {}

  private Samples() {}

  static Task task(String probe, String target) {
    return task(probe + "/" + target, new Subject.OwnProbe(probe, "tcp", target), "tcp", target);
  }

  static Task dns(String path, String queryClass) {
    return task(
        "dns/" + path + "/" + queryClass,
        new Subject.DnsPath(path, "", queryClass, "A", "udp"),
        "dns",
        "10.0.0.2");
  }

  static Observation succeeded(Task task, int second) {
    var timings =
        new Timings.Builder()
            .add(Phase.RESOLVE, 1_500_000)
            .add(Phase.CONNECT, 2_000_000)
            .total(3_500_000);
    return seen(
        task, second, new Outcome.Success(timings, List.of(new Note.Saw("address", "10.0.9.9"))));
  }

  static Observation failed(Task task, int second) {
    return seen(
        task,
        second,
        new Outcome.Failure(Phase.CONNECT, Cause.CONN_REFUSED, "10.0.9.9:5432 refused <b>"));
  }

  static Observation seen(Task task, int second, Outcome outcome) {
    return new Observation(task, NOON.plusSeconds(second), Duration.ofMillis(4), outcome);
  }

  private static Task task(String id, Subject subject, String kind, String target) {
    return new Task(
        id,
        subject,
        kind,
        new NoSettings(),
        Target.of(target, "10.0.9.9", 5432),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        false);
  }
}
