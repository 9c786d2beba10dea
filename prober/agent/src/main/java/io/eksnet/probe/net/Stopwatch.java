package io.eksnet.probe.net;

import io.eksnet.model.Phase;
import io.eksnet.model.Timings;
import java.util.function.LongSupplier;

/** Measures a run and its phases; the first phase begins with the run. */
final class Stopwatch {
  private final LongSupplier nanos;
  private final Timings.Builder timings = new Timings.Builder();
  private long started;
  private long entered;
  private Phase phase = Phase.CONNECT;
  private boolean entersFirst = true;
  private boolean within;

  Stopwatch(LongSupplier nanos, long started) {
    this.nanos = nanos;
    this.started = started;
  }

  void restart() {
    started = nanos.getAsLong();
  }

  long started() {
    return started;
  }

  /** Finishes the current phase and enters the next. */
  void enter(Phase next) {
    var now = nanos.getAsLong();
    leave(now);
    phase = next;
    entered = entersFirst ? started : now;
    entersFirst = false;
    within = true;
  }

  /** Finishes the current phase. */
  void leave() {
    leave(nanos.getAsLong());
  }

  private void leave(long now) {
    if (within) {
      timings.add(phase, now - entered);
      within = false;
    }
  }

  /** The current phase, or the last one. */
  Phase phase() {
    return phase;
  }

  /** The timings as of now; a phase that is not finished is absent. */
  Timings timings() {
    return timings.total(nanos.getAsLong() - started);
  }

  /** Finishes the current phase and returns the timings. */
  Timings finish() {
    var now = nanos.getAsLong();
    leave(now);
    return timings.total(now - started);
  }

  /** A stopwatch with the same start and, if it is finished, the same phase resolve. */
  Stopwatch fork() {
    var other = new Stopwatch(nanos, started);
    var resolve = timings().nanos(Phase.RESOLVE);
    if (resolve >= 0) {
      other.timings.add(Phase.RESOLVE, resolve);
    }
    other.entersFirst = false;
    return other;
  }
}
