package io.eksnet.model;

import java.util.List;

/** The outcome of a probe whose path must be blocked. */
public final class ExpectBlocked {
  private ExpectBlocked() {}

  /**
   * A refused, dropped or unroutable path is a success without a duration; an answer of any kind is
   * a failure. A name that does not resolve proves nothing about the path and stays a failure.
   */
  public static Outcome of(Outcome outcome) {
    return outcome.match(
        success -> gotThrough(Phase.PROCESSING, "it answered", success.timings(), success.notes()),
        ExpectBlocked::of,
        notRun -> notRun,
        several ->
            new Outcome.Several(
                several.parts().stream()
                    .map(part -> new Outcome.Part(part.address(), of(part.outcome())))
                    .toList()));
  }

  private static Outcome of(Outcome.Failure failure) {
    if (failure.phase() == Phase.RESOLVE || !isOfTarget(failure.cause())) {
      return failure;
    }
    return isBlocked(failure)
        ? new Outcome.Success(Timings.NONE, failure.notes())
        : gotThrough(failure.phase(), failure.detail(), failure.timings(), failure.notes());
  }

  /** The others happen before anything is sent to the target. */
  private static boolean isOfTarget(Cause cause) {
    return cause != Cause.PROXY_FAILED && cause != Cause.TOKEN_FAILED;
  }

  private static boolean isBlocked(Outcome.Failure failure) {
    var connected = failure.timings().nanos(Phase.CONNECT) >= 0;
    return !connected
        && switch (failure.cause()) {
          case CONN_REFUSED, TIMEOUT, UNREACHABLE -> true;
          default -> false;
        };
  }

  private static Outcome gotThrough(Phase phase, String detail, Timings timings, List<Note> notes) {
    return new Outcome.Failure(
        phase,
        Cause.WRONG_ANSWER,
        "got through, though the path must be blocked: " + detail,
        timings,
        notes);
  }
}
