package io.eksnet.schedule;

import io.eksnet.probe.net.Network;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Detects that the event loop was blocked (a garbage collection, a throttled CPU, a suspended
 * machine) or so busy that it handled events late. It ticks only while runs are in flight, so that
 * an idle prober uses no CPU.
 */
final class StallDetector {
  private static final long TICK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(20);

  /** Ticks on a healthy machine are up to this late. */
  private static final long MAX_TICK_DELAY = TimeUnit.MILLISECONDS.toNanos(10);

  /** All late ticks together may take a tenth of a run, or as long as one stall if that is more. */
  private static final int MAX_DELAYED_PART = 10;

  private final Network network;
  private final long maxStall;
  private final LongConsumer listener;
  private @Nullable ScheduledFuture<?> ticker;
  private int running;
  private long sampledAt;
  private long tickedAt;
  private long stalls;
  private long totalDelay;

  /**
   * @param listener gets the length of each stall in nanoseconds; must not throw
   */
  StallDetector(Network network, Duration maxStall, LongConsumer listener) {
    this.network = network;
    this.maxStall = maxStall.toNanos();
    this.listener = listener;
  }

  /** The counters at the start of a run; nanoseconds. */
  record Mark(long at, long stalls, long totalDelay) {}

  /** A run starts; returns the mark to pass to {@link #end}. */
  Mark begin() {
    var now = network.now();
    if (running++ == 0) {
      sampledAt = now;
      tickedAt = now;
      ticker =
          network
              .loop()
              .scheduleWithFixedDelay(
                  this::tick, TICK_INTERVAL, TICK_INTERVAL, TimeUnit.NANOSECONDS);
    } else {
      sample(now);
    }
    return new Mark(now, stalls, totalDelay + tickDelay(now));
  }

  /** A run ends; returns whether the event loop was blocked or too late since its mark. */
  boolean end(Mark mark) {
    var now = network.now();
    sample(now);
    if (--running == 0 && ticker != null) {
      ticker.cancel(false);
      ticker = null;
    }
    var delay = totalDelay + tickDelay(now) - mark.totalDelay;
    return stalls != mark.stalls || delay > Math.max(maxStall, (now - mark.at) / MAX_DELAYED_PART);
  }

  private void tick() {
    var now = network.now();
    sample(now);
    totalDelay += tickDelay(now);
    tickedAt = now;
  }

  private long tickDelay(long now) {
    var delay = now - tickedAt - TICK_INTERVAL;
    return delay > MAX_TICK_DELAY ? delay : 0;
  }

  private void sample(long now) {
    var blocked = now - sampledAt - TICK_INTERVAL;
    sampledAt = now;
    if (blocked > maxStall) {
      stalls++;
      listener.accept(blocked);
    }
  }
}
