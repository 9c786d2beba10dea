package io.eksnet.bench;

import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The delay that a target injects, and how late it is itself. Belongs to the target's loop. */
final class InjectedDelay {
  private final DurationSamples late = new DurationSamples();
  private final Clock clock = Clock.systemUTC();
  private long drained = System.nanoTime();
  private long answered;
  private long firstMillis;

  /** Sends the response after the configured delay. */
  void answer(EventLoop loop, int millis, Runnable answer) {
    if (millis == 0) {
      count();
      answer.run();
      return;
    }
    var due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    loop.schedule(
        () -> {
          late.add(System.nanoTime() - due);
          count();
          answer.run();
        },
        due - System.nanoTime(),
        TimeUnit.NANOSECONDS);
  }

  void count() {
    if (answered++ == 0) {
      firstMillis = clock.millis();
    }
  }

  /** What was counted since it was last asked. */
  ChildCounters drain() {
    var now = System.nanoTime();
    var mark =
        new ChildCounters(
            Map.of(
                "seconds",
                (now - drained) / 1e9,
                "answered",
                (double) answered,
                "first_ms",
                (double) firstMillis,
                "late_p50",
                late.quantile(0.5),
                "late_p99",
                late.quantile(0.99)));
    drained = now;
    answered = 0;
    late.clear();
    return mark;
  }
}
