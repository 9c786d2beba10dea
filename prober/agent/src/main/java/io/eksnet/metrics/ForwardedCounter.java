package io.eksnet.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A counter of another process. It starts at 0 with what was seen first, and grows by what the
 * other grows; where the other fell, it began anew, and what it says then is the base of what
 * follows.
 */
final class ForwardedCounter {
  private final CounterFamily counters;
  private final CounterFamily.Cell cell;
  private final AtomicLongArray grown = new AtomicLongArray(1);
  private double last;

  ForwardedCounter(CounterFamily counters, Labels labels, double first) {
    this.counters = counters;
    cell = counters.show(labels, grown, 0);
    last = first;
  }

  void saw(double now) {
    grown.addAndGet(0, Math.max(0, Math.round(now - last)));
    last = now;
  }

  void remove() {
    counters.remove(cell);
  }
}
