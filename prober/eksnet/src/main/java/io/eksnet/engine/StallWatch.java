package io.eksnet.engine;

import io.eksnet.probe.net.Network;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the event loop stood still (a collection, a throttled CPU, a suspended machine)
 * while runs were in flight. It ticks only then, so an idle prober stays idle.
 */
final class StallWatch {
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(20);

  private final Network network;
  private final long tolerated;
  private final LongConsumer sink;
  private @Nullable ScheduledFuture<?> ticker;
  private int running;
  private long seen;
  private long stalls;

  StallWatch(Network network, Duration tolerated, LongConsumer sink) {
    this.network = network;
    this.tolerated = tolerated.toNanos();
    this.sink = sink;
  }

  /** A run starts; returns the mark to give to {@link #end}. */
  long begin() {
    if (running++ == 0) {
      seen = network.now();
      ticker = network.loop().scheduleWithFixedDelay(this::look, TICK, TICK, TimeUnit.NANOSECONDS);
    } else {
      look();
    }
    return stalls;
  }

  /** A run ends; returns whether the loop stood still at any time since its mark. */
  boolean end(long mark) {
    look();
    if (--running == 0 && ticker != null) {
      ticker.cancel(false);
      ticker = null;
    }
    return stalls != mark;
  }

  private void look() {
    var now = network.now();
    var still = now - seen - TICK;
    seen = now;
    if (still > tolerated) {
      stalls++;
      sink.accept(still);
    }
  }
}
