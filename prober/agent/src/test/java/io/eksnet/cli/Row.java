package io.eksnet.cli;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;

/** A probe of a broken target, and the cause and phase that it must report. */
record Row(Probed probe, Names names, Cause cause, Phase phase) {
  @Override
  public String toString() {
    return probe.name() + names.suffix() + " is " + cause.label() + " in " + phase.label();
  }
}
