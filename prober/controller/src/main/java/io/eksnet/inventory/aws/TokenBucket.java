package io.eksnet.inventory.aws;

/**
 * How fast a service may be called at a moment: a bucket of tokens that refills more slowly after
 * the service has throttled, and faster again with every call that it answers.
 *
 * @param tokens calls that may be made at once, at {@code at}
 * @param at a moment of a monotonic clock, in nanoseconds
 * @param share of the budget that is used, 1/8 to 1
 * @param widened when the share was last made smaller
 */
record TokenBucket(RateLimit budget, double tokens, long at, double share, long widened) {
  private static final double SECOND = 1e9;
  private static final double LEAST = 1.0 / 8;
  private static final double RECOVERY = 1.25;

  /** Calls that were on their way together are throttled together: that is one event. */
  private static final long ONE_EVENT = 1_000_000_000;

  static TokenBucket of(RateLimit budget, long now) {
    return new TokenBucket(budget, budget.burst(), now, 1, now - ONE_EVENT);
  }

  /** How long until a call may be made; 0: now. */
  long until(long now) {
    var lacking = 1 - filled(now);
    return lacking <= 0 ? 0 : Math.max(1, (long) Math.ceil(lacking / rate() * SECOND));
  }

  /** After a call was made. */
  TokenBucket called(long now) {
    return new TokenBucket(budget, filled(now) - 1, now, share, widened);
  }

  /** After the service has refused a call because there were too many: half as fast, no burst. */
  TokenBucket throttled(long now) {
    var same = now - widened < ONE_EVENT;
    return same
        ? this
        : new TokenBucket(budget, Math.min(0, filled(now)), now, Math.max(LEAST, share / 2), now);
  }

  /** After the service has answered. */
  TokenBucket answered(long now) {
    return new TokenBucket(budget, filled(now), now, Math.min(1, share * RECOVERY), widened);
  }

  private double rate() {
    return budget.perSecond() * share;
  }

  private double filled(long now) {
    var most = Math.max(1, budget.burst() * share);
    return Math.min(most, tokens + (now - at) / SECOND * rate());
  }
}
