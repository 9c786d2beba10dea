package io.eksnet.metrics;

import java.time.Instant;

/** The base unit of time in metrics. */
public final class Seconds {
  private static final double NANOS = 1e9;

  private Seconds() {}

  public static double of(long nanos) {
    return nanos / NANOS;
  }

  /** Since the epoch, to the millisecond. */
  public static double of(Instant instant) {
    return instant.toEpochMilli() / 1e3;
  }
}
