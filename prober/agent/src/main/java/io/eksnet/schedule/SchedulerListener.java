package io.eksnet.schedule;

import io.eksnet.model.Outcome;

/** What the engine says of itself. Called on the event loop; must not block. */
public interface SchedulerListener {
  /** Nobody listens. */
  SchedulerListener UNHEARD =
      new SchedulerListener() {
        @Override
        public void lag(long nanos) {}

        @Override
        public void missed(Outcome.Reason reason, long beats) {}

        @Override
        public void stall(long nanos) {}
      };

  /** A run started this many nanoseconds after it was due. */
  void lag(long nanos);

  /** This many beats of a task passed without a sample that can be trusted. */
  void missed(Outcome.Reason reason, long beats);

  /** The event loop stood still for this many nanoseconds. */
  void stall(long nanos);
}
