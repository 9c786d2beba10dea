package io.eksnet.app;

import io.eksnet.core.Cause;
import io.eksnet.core.Phase;

/** A probe of something broken, and what must be said of it. */
record Row(Probed probe, Names names, Cause cause, Phase phase) {
  @Override
  public String toString() {
    return probe.name() + names.suffix() + " is " + cause.label() + " in " + phase.label();
  }
}
