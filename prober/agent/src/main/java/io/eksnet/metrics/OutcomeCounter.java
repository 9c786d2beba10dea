package io.eksnet.metrics;

import io.eksnet.model.KindSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;

/** The counters of a subject. */
interface OutcomeCounter {
  /** What the task can report is there at 0 from now on. */
  void initSeries(Task task, KindSpec<?> kind);

  /** Counts the outcome at one address. */
  void count(Outcome leaf);

  /** The subject is gone. */
  void close();

  /** Counts each outcome in both counters. */
  static OutcomeCounter both(OutcomeCounter one, OutcomeCounter other) {
    return new OutcomeCounter() {
      @Override
      public void initSeries(Task task, KindSpec<?> kind) {
        one.initSeries(task, kind);
        other.initSeries(task, kind);
      }

      @Override
      public void count(Outcome leaf) {
        one.count(leaf);
        other.count(leaf);
      }

      @Override
      public void close() {
        one.close();
        other.close();
      }
    };
  }
}
