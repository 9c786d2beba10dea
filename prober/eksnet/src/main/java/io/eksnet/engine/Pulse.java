package io.eksnet.engine;

import io.eksnet.core.Outcome;

/** What the engine says of itself. Called on the event loop; must not block. */
public interface Pulse {
  /** Nobody listens. */
  Pulse UNHEARD =
      new Pulse() {
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
