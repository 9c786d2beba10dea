package io.eksnet.metrics;

import io.eksnet.core.Kind;
import io.eksnet.core.Outcome;
import io.eksnet.core.Task;

/** The counters of a subject. */
interface Tally {
  /** What the task can report is there at 0 from now on. */
  void foresee(Task task, Kind<?> kind);

  /** Counts the outcome at one address. */
  void count(Outcome leaf);

  /** The subject is gone. */
  void close();
}
