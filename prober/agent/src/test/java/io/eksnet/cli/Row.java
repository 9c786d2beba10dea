package io.eksnet.cli;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;

/** A probe of something broken, and what must be said of it. */
record Row(Probed probe, Names names, Cause cause, Phase phase) {
  @Override
  public String toString() {
    return probe.name() + names.suffix() + " is " + cause.label() + " in " + phase.label();
  }
}
