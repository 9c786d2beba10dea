package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;

/** Why an asynchronous step of a run failed at the peer; carries no stack trace. */
public final class ProbeFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final Phase phase;
  private final Cause reason;

  public ProbeFailure(Phase phase, Cause reason, String detail) {
    super(detail, null, false, false);
    this.phase = phase;
    this.reason = reason;
  }

  public Phase phase() {
    return phase;
  }

  public Cause reason() {
    return reason;
  }

  /** For people; never a metric label. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
