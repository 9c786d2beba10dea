package io.eksnet.metrics;

import io.eksnet.model.KindSpec;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The series of one subject and how many tasks use them. */
class SubjectSeries {
  /** After that many intervals without a result the last one is stale. */
  private static final int FRESH_INTERVALS = 3;

  private final OutcomeCounter counter;
  private int users;
  private @Nullable Instant staleAt;
  private @Nullable Instant idleSince;

  SubjectSeries(OutcomeCounter counter) {
    this.counter = counter;
  }

  /** One more task. */
  final void use(Task task, KindSpec<?> kind) {
    users++;
    idleSince = null;
    initSeries(task, kind);
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

  final synchronized void record(Observation observation) {
    var leaves = observation.outcome().leaves();
    for (var leaf : leaves) {
      counter.count(leaf);
      if (leaf instanceof Outcome.Success success && success.timings().known()) {
        succeeded(success);
      }
    }
    finished(observation);
    if (observation.outcome().ran()) {
      var ended = observation.at().plus(observation.took());
      staleAt = ended.plus(observation.task().interval().multipliedBy(FRESH_INTERVALS));
    }
  }

  /** Removes the series of the last result once there was none for three intervals. */
  final synchronized void expire(Instant now) {
    if (staleAt != null && !now.isBefore(staleAt)) {
      staleAt = null;
      stale();
    }
  }

  /** Creates the series of what the task can report, at 0; called for each task. */
  void initSeries(Task task, KindSpec<?> kind) {
    counter.initSeries(task, kind);
  }

  void close() {
    counter.close();
  }

  /** A success whose duration is known. */
  void succeeded(Outcome.Success success) {}

  /** The run as a whole. */
  void finished(Observation observation) {}

  /** There was no result for three intervals: the state of the target is unknown. */
  void stale() {}
}
