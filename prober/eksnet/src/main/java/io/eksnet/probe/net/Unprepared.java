package io.eksnet.probe.net;

/** The prober lacks what it needs for a run: a file, a socket, memory; carries no stack trace. */
public final class Unprepared extends Exception {
  private static final long serialVersionUID = 1;

  public Unprepared(String detail) {
    super(detail, null, false, false);
  }

  /** For people. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
