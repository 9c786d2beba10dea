package io.eksnet.lab.alb;

import java.time.Duration;

/** How much faster time goes for load balancers than it says on the tin. */
record Pace(double speed) {
  private static final Duration SHORTEST = Duration.ofMillis(100);

  Pace {
    if (speed < 1 || speed > 1000) {
      throw new IllegalArgumentException("speed must be 1 to 1000, not " + speed);
    }
  }

  /** An interval in the lab's time. */
  long millis(Duration real) {
    return Math.max(SHORTEST.toMillis(), (long) (real.toMillis() / speed));
  }

  /** A timeout in the lab's time; never so short that a busy machine would meet it. */
  long timeoutMillis(Duration real) {
    return Math.min(real.toMillis(), Math.max(1500, (long) (real.toMillis() / speed)));
  }
}
