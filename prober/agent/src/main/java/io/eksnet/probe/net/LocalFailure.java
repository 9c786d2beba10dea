package io.eksnet.probe.net;

/** The prober lacks what a run needs: a file, a socket, memory; carries no stack trace. */
public final class LocalFailure extends Exception {
  private static final long serialVersionUID = 1;

  public LocalFailure(String detail) {
    super(detail, null, false, false);
  }

  /** For the log. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
