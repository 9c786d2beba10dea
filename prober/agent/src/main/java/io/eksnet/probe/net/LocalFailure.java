package io.eksnet.probe.net;

import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.Outcome.Reason;

/** The prober lacks what a run needs: a file, a socket, memory; carries no stack trace. */
public final class LocalFailure extends Exception {
  private static final long serialVersionUID = 1;

  private static final String FILES = "files";

  private final String kind;

  /** A configured file is missing or cannot be used. */
  public LocalFailure(String detail) {
    this(FILES, detail);
  }

  /**
   * @param kind what is missing, such as {@code EMFILE}; one of few, so that it can be counted
   * @param detail for people, without the address of a peer
   */
  public LocalFailure(String kind, String detail) {
    super(detail, null, false, false);
    this.kind = kind;
  }

  /** What is missing. */
  public String kind() {
    return kind;
  }

  /** For people. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  /** The outcome of a run that {@code error} ended: a local failure, or a bug of this program. */
  public static NotRun outcomeOf(Throwable error) {
    var detail =
        error instanceof LocalFailure local
            ? local.detail()
            : "unexpected " + error.getClass().getSimpleName();
    return new NotRun(Reason.PROBER, detail, 1);
  }
}
