package io.eksnet.model.diagnosis;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import java.time.Instant;

/**
 * What one run came to, without what only its trace needs.
 *
 * @param at when it started
 * @param outcome {@code success}, a {@link io.eksnet.model.Cause} label, or {@code not_run}
 * @param phase where it ended
 * @param code of an HTTP answer, or 0
 * @param byLoadBalancer whether the answer was made by the load balancer itself
 * @param retried whether its first try was lost
 * @param took milliseconds of a success, else 0
 */
public record Result(
    Instant at,
    String outcome,
    Phase phase,
    int code,
    boolean byLoadBalancer,
    boolean retried,
    long took) {
  private static final long NANOS_IN_A_MILLI = 1_000_000;

  /** What an observation came to; of several addresses, the worst. */
  public static Result of(Observation observation) {
    var worst = observation.outcome().worst();
    var answered =
        worst.notes().stream()
            .filter(Note.Answered.class::isInstance)
            .map(Note.Answered.class::cast)
            .findFirst();
    return new Result(
        observation.at(),
        worst.label(),
        phase(worst),
        answered.map(Note.Answered::code).orElse(0),
        answered.map(Note.Answered::byLoadBalancer).orElse(false),
        observation.outcome().notes().stream().anyMatch(Note.Retried.class::isInstance),
        worst instanceof Outcome.Success s && s.timings().known()
            ? s.timings().totalNanos() / NANOS_IN_A_MILLI
            : 0);
  }

  private static Phase phase(Outcome outcome) {
    if (outcome instanceof Outcome.Failure failure) {
      return failure.phase();
    }
    var last = Phase.RESOLVE;
    if (outcome instanceof Outcome.Success success) {
      for (var phase : success.timings().phases().keySet()) {
        last = phase;
      }
    }
    return last;
  }

  /** Whether it went well. */
  public boolean succeeded() {
    return outcome.equals(Outcome.SUCCESS);
  }

  /** Whether it says anything about the target. */
  public boolean ran() {
    return !outcome.equals(Outcome.NOT_RUN);
  }
}
