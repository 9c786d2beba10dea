package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;

/** A run that went wrong, on its way to becoming a failure; carries no stack trace. */
public final class ProbeFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final Phase phase;
  private final Cause reason;

  public ProbeFailure(Phase phase, Cause reason, String detail) {
    super(detail, null, false, false);
    this.phase = phase;
    this.reason = reason;
  }

  /** Where it went wrong. */
  public Phase phase() {
    return phase;
  }

  /** Why, in the vocabulary of outcomes. */
  public Cause reason() {
    return reason;
  }

  /** For people. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
