package io.eksnet.probe.net;

import io.eksnet.model.Phase;

/** Receives the progress of a network exchange. */
public interface Trace {
  /** Ignores everything. */
  Trace NONE =
      new Trace() {
        @Override
        public void enter(Phase next) {}

        @Override
        public void trace(String what, String value) {}
      };

  /** A phase begins, and the one before it ends. */
  void enter(Phase next);

  /** Adds a line to the trace of the run; never a secret. */
  void trace(String what, String value);
}
