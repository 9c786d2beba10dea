package io.eksnet.model.diagnosis;

import static java.util.stream.Collectors.toMap;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Timings;
import java.time.Instant;
import java.util.Map;

/**
 * The result of one run, without what only its trace needs.
 *
 * @param at when it started
 * @param outcome {@code success}, a {@link io.eksnet.model.Cause} label, or {@code not_run}
 * @param phase where it ended
 * @param code of an HTTP answer, or 0
 * @param byLoadBalancer whether the load balancer itself answered
 * @param retried whether its first try got no answer
 * @param took milliseconds of a success, else 0
 * @param addresses the outcome at each address, where several were tried; else empty
 */
public record Result(
    Instant at,
    String outcome,
    Phase phase,
    int code,
    boolean byLoadBalancer,
    boolean retried,
    long took,
    Map<String, String> addresses) {
  private static final long NANOS_IN_A_MILLI = 1_000_000;

  public Result {
    addresses = Map.copyOf(addresses);
  }

  /** The result of an observation; of several addresses, the worst. */
  public static Result of(Observation observation) {
    var worst = observation.outcome().worst();
    var answered = worst.notes(Note.Answered.class).findFirst();
    return new Result(
        observation.at(),
        worst.label(),
        phase(worst),
        answered.map(Note.Answered::code).orElse(0),
        answered.map(Note.Answered::byLoadBalancer).orElse(false),
        observation.outcome().notes(Note.Retried.class).findAny().isPresent(),
        worst.fold(s -> millis(s.timings()), f -> 0L, n -> 0L),
        observation
            .outcome()
            .match(
                s -> Map.of(),
                f -> Map.of(),
                n -> Map.of(),
                several ->
                    several.parts().stream()
                        .collect(
                            toMap(
                                Outcome.Part::address,
                                part -> part.outcome().label(),
                                (first, next) -> first))));
  }

  private static Phase phase(Outcome outcome) {
    return outcome.fold(
        success ->
            success.timings().phases().keySet().stream()
                .reduce(Phase.RESOLVE, (before, last) -> last),
        Outcome.Failure::phase,
        notRun -> Phase.RESOLVE);
  }

  private static long millis(Timings timings) {
    return timings.known() ? timings.totalNanos() / NANOS_IN_A_MILLI : 0;
  }

  /** Whether it succeeded. */
  public boolean succeeded() {
    return outcome.equals(Outcome.SUCCESS);
  }

  /** Whether the target was tested. */
  public boolean ran() {
    return !outcome.equals(Outcome.NOT_RUN);
  }
}
