package io.eksnet.lab.alb;

import java.time.Duration;

/** Shortens the intervals and timeouts of load balancers, for tests. */
record TimeScale(double speed) {
  private static final long MIN_INTERVAL_MILLIS = 100;

  /** Long enough for a busy machine. */
  private static final long MIN_TIMEOUT_MILLIS = 1500;

  TimeScale {
    if (speed < 1 || speed > 1000) {
      throw new IllegalArgumentException("speed must be 1 to 1000, not " + speed);
    }
  }

  long intervalMillis(Duration real) {
    return Math.max(MIN_INTERVAL_MILLIS, (long) (real.toMillis() / speed));
  }

  long timeoutMillis(Duration real) {
    return Math.min(
        real.toMillis(), Math.max(MIN_TIMEOUT_MILLIS, (long) (real.toMillis() / speed)));
  }
}
