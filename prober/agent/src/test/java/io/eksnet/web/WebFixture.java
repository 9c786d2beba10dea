package io.eksnet.web;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tasks and observations to test with. */
public final class WebFixture {
  public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  public record NoSettings() {}

  private WebFixture() {}

  public static Task task(String probe, String target) {
    return task(
        probe + "/" + target, new SeriesKey.UserProbeKey(probe, "tcp", target), "tcp", target);
  }

  public static Task dns(String path, String queryClass) {
    return task(
        "dns/" + path + "/" + queryClass,
        new SeriesKey.DnsKey(path, "", queryClass, "A", "udp"),
        "dns",
        "10.0.0.2");
  }

  public static Observation succeeded(Task task, int second) {
    var timings =
        new Timings.Builder()
            .add(Phase.RESOLVE, 1_500_000)
            .add(Phase.CONNECT, 2_000_000)
            .total(3_500_000);
    return seen(
        task,
        second,
        new Outcome.Success(timings, List.of(new Note.Attribute("address", "10.0.9.9"))));
  }

  public static Observation failed(Task task, int second) {
    return seen(
        task,
        second,
        new Outcome.Failure(Phase.CONNECT, Cause.CONN_REFUSED, "10.0.9.9:5432 refused <b>"));
  }

  public static Observation seen(Task task, int second, Outcome outcome) {
    return new Observation(task, NOON.plusSeconds(second), Duration.ofMillis(4), outcome);
  }

  private static Task task(String id, SeriesKey subject, String kind, String target) {
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
