package io.eksnet.probe.net;

import io.eksnet.model.Phase;
import io.eksnet.model.Timings;
import java.util.function.LongSupplier;

/** How long a run and its phases take. */
final class Stopwatch {
  private final LongSupplier nanos;
  private final Timings.Builder timings = new Timings.Builder();
  private long started;
  private long entered;
  private Phase phase = Phase.CONNECT;
  private boolean within;

  Stopwatch(LongSupplier nanos, long started) {
    this.nanos = nanos;
    this.started = started;
  }

  /** Begins anew from now. */
  void restart() {
    started = nanos.getAsLong();
  }

  long started() {
    return started;
  }

  /** Finishes the phase it is in, and enters the next. */
  void enter(Phase next) {
    var now = nanos.getAsLong();
    leave(now);
    phase = next;
    entered = now;
    within = true;
  }

  /** Finishes the phase it is in. */
  void leave() {
    leave(nanos.getAsLong());
  }

  private void leave(long now) {
    if (within) {
      timings.add(phase, now - entered);
      within = false;
    }
  }

  /** The phase it is in, or was in last. */
  Phase phase() {
    return phase;
  }

  /** All as of now; a phase that is not finished is absent. */
  Timings timings() {
    return timings.total(nanos.getAsLong() - started);
  }

  /** One of its own with the same start, which has finished the phase resolve if this one has. */
  Stopwatch fork() {
    var other = new Stopwatch(nanos, started);
    var resolve = timings().nanos(Phase.RESOLVE);
    if (resolve >= 0) {
      other.timings.add(Phase.RESOLVE, resolve);
    }
    return other;
  }
}
