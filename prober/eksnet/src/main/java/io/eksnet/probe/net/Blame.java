package io.eksnet.probe.net;

import io.eksnet.core.Phase;
import java.net.InetAddress;

/** Whose fault an exception is. */
final class Blame {
  private Blame() {}

  /**
   * The {@link Trouble} with {@code peer}, or {@link Unprepared} when the prober lacks something,
   * or else the exception itself, which nobody foresaw.
   */
  static Throwable of(Throwable error, Phase phase, InetAddress peer) {
    for (var e = error; e != null; e = e.getCause()) {
      if (e instanceof Trouble || e instanceof Unprepared) {
        return e;
      }
    }
    return Tls.trouble(error).or(() -> SocketErrors.of(error, phase, peer)).orElse(error);
  }
}
