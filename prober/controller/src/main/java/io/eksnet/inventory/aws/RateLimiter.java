package io.eksnet.inventory.aws;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Lets calls to one service through at its {@link TokenBucket}, first come, first served. */
final class RateLimiter {
  private static final int MOST_WAITING = 1_000;

  private record Waiting(Runnable call, long since) {}

  private final ScheduledExecutorService timers;
  private final LongConsumer waited;
  private final Queue<Waiting> queue = new ArrayDeque<>();
  private TokenBucket pace;
  private boolean timed;

  /**
   * @param timers for short work; the calls go elsewhere from there
   * @param waited hears how long each call stood in the queue, in nanoseconds
   */
  RateLimiter(RateLimit budget, ScheduledExecutorService timers, LongConsumer waited) {
    this.timers = timers;
    this.waited = waited;
    this.pace = TokenBucket.of(budget, System.nanoTime());
  }

  /** Runs {@code call} when it is its turn; false: too many are waiting already. */
  synchronized boolean enter(Runnable call) {
    if (queue.size() >= MOST_WAITING) {
      return false;
    }
    queue.add(new Waiting(call, System.nanoTime()));
    open();
    return true;
  }

  synchronized void throttled() {
    pace = pace.throttled(System.nanoTime());
  }

  synchronized void answered() {
    pace = pace.answered(System.nanoTime());
  }

  /** Share of the budget that is used, less than 1 after throttling. */
  synchronized double share() {
    return pace.share();
  }

  private synchronized void onTime() {
    timed = false;
    open();
  }

  private void open() {
    var now = System.nanoTime();
    while (!timed && !queue.isEmpty()) {
      var wait = pace.until(now);
      if (wait > 0) {
        timed = true;
        wake(wait);
        return;
      }
      var next = queue.remove();
      pace = pace.called(now);
      waited.accept(now - next.since());
      next.call().run();
    }
  }

  private void wake(long nanos) {
    try {
      timers.schedule(this::onTime, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      queue.clear();
    }
  }
}
