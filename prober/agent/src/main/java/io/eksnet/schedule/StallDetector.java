package io.eksnet.schedule;

import io.eksnet.probe.net.Network;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the event loop could not attend to its runs: that it stood still (a collection, a
 * throttled CPU, a suspended machine), or that it was so busy that it came late to what had long
 * arrived. It ticks only while runs are in flight, so an idle prober stays idle.
 */
final class StallDetector {
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(20);

  /** A tick that is less late than this is on time: the scheduler of a healthy machine does it. */
  private static final long PUNCTUAL = TimeUnit.MILLISECONDS.toNanos(10);

  /** A tenth of a run is how long the loop may be late in it, or as long as it may stand still. */
  private static final int TOLERATED_PART = 10;

  private final Network network;
  private final long tolerated;
  private final LongConsumer sink;
  private @Nullable ScheduledFuture<?> ticker;
  private int running;
  private long seen;
  private long ticked;
  private long stalls;
  private long late;

  StallDetector(Network network, Duration tolerated, LongConsumer sink) {
    this.network = network;
    this.tolerated = tolerated.toNanos();
    this.sink = sink;
  }

  /** What the watch had seen when a run began; nanoseconds. */
  record Mark(long at, long stalls, long late) {}

  /** A run starts; returns the mark to give to {@link #end}. */
  Mark begin() {
    var now = network.now();
    if (running++ == 0) {
      seen = now;
      ticked = now;
      ticker = network.loop().scheduleWithFixedDelay(this::tick, TICK, TICK, TimeUnit.NANOSECONDS);
    } else {
      look(now);
    }
    return new Mark(now, stalls, late + overdue(now));
  }

  /** A run ends; returns whether the loop failed to attend to it since its mark. */
  boolean end(Mark mark) {
    var now = network.now();
    look(now);
    if (--running == 0 && ticker != null) {
      ticker.cancel(false);
      ticker = null;
    }
    var lateness = late + overdue(now) - mark.late;
    return stalls != mark.stalls
        || lateness > Math.max(tolerated, (now - mark.at) / TOLERATED_PART);
  }

  private void tick() {
    var now = network.now();
    look(now);
    late += overdue(now);
    ticked = now;
  }

  private long overdue(long now) {
    var overdue = now - ticked - TICK;
    return overdue > PUNCTUAL ? overdue : 0;
  }

  private void look(long now) {
    var still = now - seen - TICK;
    seen = now;
    if (still > tolerated) {
      stalls++;
      sink.accept(still);
    }
  }
}
