package io.eksnet.core.diagnosis;

import io.eksnet.core.Outcome;
import io.eksnet.core.Phase;
import java.time.Instant;

/**
 * What one run came to, without what only its trace needs.
 *
 * @param at when it started
 * @param outcome {@code success}, a {@link io.eksnet.core.Cause} label, or {@code not_run}
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
  /** Whether it went well. */
  public boolean succeeded() {
    return outcome.equals(Outcome.SUCCESS);
  }

  /** Whether it says anything about the target. */
  public boolean ran() {
    return !outcome.equals(Outcome.NOT_RUN);
  }
}
