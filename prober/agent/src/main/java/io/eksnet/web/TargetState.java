package io.eksnet.web;

import io.eksnet.model.Labelled;
import io.eksnet.model.Observation;
import io.eksnet.model.Task;
import java.time.Instant;
import java.util.Optional;

/** The state of a target by its last result, which counts for three intervals. */
enum TargetState implements Labelled {
  HEALTHY,
  FAILING,
  /** No run had a result for three intervals: the state of the target is unknown. */
  NOT_PROBED;

  private static final int FRESH_INTERVALS = 3;

  /**
   * @param last the last observation with a result
   */
  static TargetState of(Task task, Optional<Observation> last, Instant now) {
    return last.filter(seen -> isFresh(task, seen, now))
        .map(seen -> seen.outcome().failed() ? FAILING : HEALTHY)
        .orElse(NOT_PROBED);
  }

  private static boolean isFresh(Task task, Observation seen, Instant now) {
    var fresh = seen.took().plus(task.interval().multipliedBy(FRESH_INTERVALS));
    return seen.at().plus(fresh).isAfter(now);
  }
}
