package io.eksnet.schedule;

import io.eksnet.model.Outcome;

/** Events of a {@link Scheduler}, for metrics. Called on the event loop; must not block. */
public interface SchedulerListener {
  SchedulerListener NOOP =
      new SchedulerListener() {
        @Override
        public void onStart(long lateNanos) {}

        @Override
        public void onMissed(Outcome.Reason reason, long ticks) {}

        @Override
        public void onStall(long nanos) {}
      };

  /** A run starts, this many nanoseconds after its tick. */
  void onStart(long lateNanos);

  /** This many ticks of a task passed without a valid result. */
  void onMissed(Outcome.Reason reason, long ticks);

  /** The event loop was blocked for this many nanoseconds. */
  void onStall(long nanos);
}
