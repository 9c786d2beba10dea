package io.eksnet.inventory.aws;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Token bucket for the requests to one AWS service, first come, first served. Throttling halves the
 * rate, down to an eighth, and each success raises it again: the limit of the account is shared
 * with controllers that need it more.
 */
final class RateLimiter {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MIN_FRACTION = 1.0 / 8;
  private static final double RECOVERY_FACTOR = 1.25;

  /** Requests in flight together are throttled together; that counts once. */
  private static final long THROTTLING_WINDOW_NANOS = 1_000_000_000;

  private final RateLimit limit;
  private final LongSupplier nanoTime;
  private final ReentrantLock queue = new ReentrantLock(true);
  private double tokens;
  private long refilledAt;
  private double fraction = 1;
  private long throttledAt;

  /**
   * @param nanoTime a monotonic clock
   */
  RateLimiter(RateLimit limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
    tokens = limit.burst();
    refilledAt = nanoTime.getAsLong();
    throttledAt = refilledAt - THROTTLING_WINDOW_NANOS;
  }

  /** Blocks until a request may be sent; returns how long that took, in nanoseconds. */
  long acquire() throws InterruptedException {
    var start = nanoTime.getAsLong();
    queue.lockInterruptibly();
    try {
      for (var wait = tryAcquire(); wait > 0; wait = tryAcquire()) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
    } finally {
      queue.unlock();
    }
    return nanoTime.getAsLong() - start;
  }

  /** Takes a token and returns 0, or returns the nanoseconds until there is one. */
  synchronized long tryAcquire() {
    refill();
    if (tokens >= 1) {
      tokens--;
      return 0;
    }
    return Math.max(1, (long) Math.ceil((1 - tokens) / rate() * NANOS_PER_SECOND));
  }

  /** Takes a token without a wait: the SDK has already waited before it retries. */
  synchronized void onRetry() {
    refill();
    tokens--;
  }

  synchronized void onThrottled() {
    refill();
    if (refilledAt - throttledAt >= THROTTLING_WINDOW_NANOS) {
      throttledAt = refilledAt;
      fraction = Math.max(MIN_FRACTION, fraction / 2);
      tokens = Math.min(0, tokens);
    }
  }

  synchronized void onSuccess() {
    refill();
    fraction = Math.min(1, fraction * RECOVERY_FACTOR);
  }

  /** The share of the configured rate in use, less than 1 after throttling. */
  synchronized double fraction() {
    return fraction;
  }

  private double rate() {
    return limit.perSecond() * fraction;
  }

  private void refill() {
    var now = nanoTime.getAsLong();
    var capacity = Math.max(1, limit.burst() * fraction);
    tokens = Math.min(capacity, tokens + (now - refilledAt) / NANOS_PER_SECOND * rate());
    refilledAt = now;
  }
}
