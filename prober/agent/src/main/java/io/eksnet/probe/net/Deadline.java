package io.eksnet.probe.net;

import java.time.Duration;

/**
 * The moment by which a run must be over.
 *
 * @param nanos on the clock of {@link Network#now}
 */
public record Deadline(long nanos) {
  /** The deadline {@code timeout} after {@code now}. */
  public static Deadline after(Duration timeout, long now) {
    return new Deadline(now + timeout.toNanos());
  }

  /** What is left at {@code now}, in nanoseconds; 0 when it is over. */
  public long left(long now) {
    return Math.max(0, nanos - now);
  }

  /** The earlier of this one and the one {@code limit} after {@code now}. */
  public Deadline orAfter(Duration limit, long now) {
    return limit.toNanos() < left(now) ? after(limit, now) : this;
  }
}
