package io.eksnet.probe.net;

import io.eksnet.model.Phase;
import java.net.InetAddress;

/** Whose fault an exception is. */
final class ErrorClassifier {
  private ErrorClassifier() {}

  /**
   * The {@link ProbeFailure} with {@code peer}, or {@link LocalFailure} when the prober lacks
   * something, or else the exception itself, which nobody foresaw.
   */
  static Throwable of(Throwable error, Phase phase, InetAddress peer) {
    for (var e = error; e != null; e = e.getCause()) {
      if (e instanceof ProbeFailure || e instanceof LocalFailure) {
        return e;
      }
    }
    return Tls.trouble(error).or(() -> SocketErrors.of(error, phase, peer)).orElse(error);
  }
}
