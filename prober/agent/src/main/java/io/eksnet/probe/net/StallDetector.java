package io.eksnet.probe.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures for how long an event loop was blocked (a garbage collection, a throttled CPU, a
 * suspended process) or so busy that it handled events late. It ticks only while runs are in
 * flight, so that an idle prober uses no CPU. Belongs to its event loop.
 */
public final class StallDetector {
  /** As the default of {@code limits.stall}. */
  private static final Duration DEFAULT_MAX_STALL = Duration.ofMillis(100);

  private static final long TICK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(20);

  /** Ticks on a healthy machine are up to this late. */
  private static final long MAX_TICK_DELAY = TimeUnit.MILLISECONDS.toNanos(10);

  /** All late ticks together may take a tenth of a run, or as long as one stall if that is more. */
  private static final int MAX_DELAYED_PART = 10;

  private final EventLoop loop;
  private volatile long maxStall = DEFAULT_MAX_STALL.toNanos();
  private volatile LongConsumer listener = stall -> {};
  private @Nullable ScheduledFuture<?> ticker;
  private int running;
  private long sampledAt;
  private long tickedAt;
  private long stalls;
  private long totalDelay;

  StallDetector(EventLoop loop) {
    this.loop = loop;
  }

  /** The counters at a moment; nanoseconds. */
  public record Mark(long at, long stalls, long totalDelay) {}

  /**
   * Reports stalls; may be called from any thread.
   *
   * @param limit how long the event loop may be blocked during a run whose timings are kept
   * @param consumer takes the length of each longer stall in nanoseconds, on the event loop; must
   *     neither throw nor block
   */
  public void report(Duration limit, LongConsumer consumer) {
    maxStall = limit.toNanos();
    listener = consumer;
  }

  /** Measures until {@link #end}, which each caller calls once; returns the counters now. */
  public Mark begin() {
    var now = loop.ticker().nanoTime();
    if (running++ == 0) {
      sampledAt = now;
      tickedAt = now;
      ticker =
          loop.scheduleWithFixedDelay(
              this::tick, TICK_INTERVAL, TICK_INTERVAL, TimeUnit.NANOSECONDS);
    } else {
      sample(now);
    }
    return new Mark(now, stalls, totalDelay + tickDelay(now));
  }

  /** For how many nanoseconds since {@code mark} the event loop was late. */
  long delay(Mark mark) {
    return totalDelay + tickDelay(loop.ticker().nanoTime()) - mark.totalDelay;
  }

  /**
   * Whether the event loop was blocked for so long since {@code mark}, or so late in all, that the
   * durations measured meanwhile are not those of the peer.
   */
  public boolean stalledSince(Mark mark) {
    var now = loop.ticker().nanoTime();
    sample(now);
    return stalls != mark.stalls
        || delay(mark) > Math.max(maxStall, (now - mark.at) / MAX_DELAYED_PART);
  }

  /** The end of what {@link #begin} started. */
  public void end() {
    sample(loop.ticker().nanoTime());
    if (--running == 0 && ticker != null) {
      ticker.cancel(false);
      ticker = null;
    }
  }

  private void tick() {
    var now = loop.ticker().nanoTime();
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
