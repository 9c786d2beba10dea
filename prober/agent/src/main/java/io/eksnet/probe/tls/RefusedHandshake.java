package io.eksnet.probe.tls;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Timings;
import java.util.List;

/** The outcome of a handshake that the server must refuse. */
final class RefusedHandshake {
  private RefusedHandshake() {}

  /**
   * An alert, a reset or a close in the handshake is a success. Whatever shows that the server took
   * part, such as a bad certificate, is a failure. What does not reach the handshake proves nothing
   * and stays as it is.
   */
  static Outcome of(Outcome outcome) {
    return outcome.match(
        success -> accepted(success.timings(), success.notes()),
        RefusedHandshake::ofFailure,
        notRun -> notRun,
        several ->
            new Outcome.Several(
                several.parts().stream()
                    .map(part -> new Outcome.Part(part.address(), of(part.outcome())))
                    .toList()));
  }

  private static Outcome ofFailure(Outcome.Failure failure) {
    if (failure.phase() != Phase.TLS) {
      return failure;
    }
    return switch (failure.cause()) {
      case TLS_HANDSHAKE, RESET -> new Outcome.Success(failure.timings(), failure.notes());
      case TLS_UNTRUSTED, TLS_EXPIRED, TLS_NAME, TLS_CLIENT_CERTIFICATE ->
          accepted(failure.timings(), failure.notes());
      default -> failure;
    };
  }

  private static Outcome accepted(Timings timings, List<Note> notes) {
    return new Outcome.Failure(
        Phase.TLS,
        Cause.WRONG_ANSWER,
        "the server takes part in a handshake that it must refuse (expect_refused)",
        timings,
        notes);
  }
}
