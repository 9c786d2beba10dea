package io.eksnet.probe.net;

/**
 * Decides about a run whose deadline has passed by the time that its peer had, not by the time that
 * a busy or suspended prober took. All times are in nanoseconds on one monotonic clock.
 *
 * <p>The peer is silent if it had at least half of the timeout since the last bytes of the run left
 * or arrived. Otherwise the run waits until it had, but no longer than the event loop was late
 * since the run started, so that the timeout is exact on an idle machine, and never longer than
 * twice the timeout.
 *
 * @param started when the run started
 * @param timeout how long the peer may take
 */
record TimeoutRule(long started, long timeout) {
  /** What to do with the run. */
  enum Verdict {
    /** The peer had its time. */
    TIMED_OUT,
    /** Wait until the deadline of {@link #extended}. */
    WAIT,
    /** The prober was too late to give the peer its time. */
    NOT_RUN
  }

  /**
   * @param sent when bytes of the run left last
   * @param received when bytes of the peer arrived last; the start of the run if none did
   * @param loopDelay for how long the event loop was late since the run started
   */
  Verdict verdict(long now, long sent, long received, long loopDelay) {
    if (enoughAfter(later(sent, received)) - now <= 0) {
      return Verdict.TIMED_OUT;
    }
    if (extended(sent, received, loopDelay).left(now) > 0) {
      return Verdict.WAIT;
    }
    // A peer that only goes on sending is no reason: a flood delays the event loop by itself.
    return loopDelay > timeout && enoughAfter(sent) - now > 0 ? Verdict.NOT_RUN : Verdict.TIMED_OUT;
  }

  /** The verdict about a run that has sent nothing. */
  Verdict verdictUnsent(long loopDelay) {
    return loopDelay >= timeout / 2 ? Verdict.NOT_RUN : Verdict.TIMED_OUT;
  }

  /** The deadline by which the peer had its time. */
  Deadline extended(long sent, long received, long loopDelay) {
    var latest = started + timeout + Math.min(loopDelay, timeout);
    var enough = enoughAfter(later(sent, received));
    return new Deadline(enough - latest < 0 ? enough : latest);
  }

  private long enoughAfter(long activity) {
    return activity + timeout / 2;
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }
}
