package io.eksnet.metrics;

import io.eksnet.core.Cause;
import io.eksnet.core.Kind;
import io.eksnet.core.Observation;
import io.eksnet.core.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The series of one subject and how many tasks use them. */
abstract class SubjectSeries {
  private final Outcomes outcomes;
  private int users;
  private @Nullable Instant idleSince;

  SubjectSeries(Outcomes outcomes) {
    this.outcomes = outcomes;
  }

  /** One more task; a negative one reports an open path as a wrong answer. */
  final void use(Kind<?> kind, boolean negative) {
    users++;
    idleSince = null;
    kind.causes().forEach(outcomes::show);
    if (negative) {
      outcomes.show(Cause.WRONG_ANSWER);
    }
  }

  final void release(Instant now) {
    users = Math.max(0, users - 1);
    if (users == 0 && idleSince == null) {
      idleSince = now;
    }
  }

  final boolean unusedSince(Instant then) {
    return idleSince != null && !idleSince.isAfter(then);
  }

  final void record(Observation observation) {
    var leaves = observation.outcome().leaves();
    for (var leaf : leaves) {
      outcomes.count(leaf);
      if (leaf instanceof Outcome.Success success && success.timings().known()) {
        succeeded(success);
      }
    }
    finished(observation);
  }

  void close() {
    outcomes.close();
  }

  /** A success whose duration is known. */
  abstract void succeeded(Outcome.Success success);

  /** The run as a whole. */
  abstract void finished(Observation observation);
}
