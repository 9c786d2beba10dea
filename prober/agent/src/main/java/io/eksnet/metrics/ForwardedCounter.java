package io.eksnet.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A counter scraped from another process. It starts at 0 with the first value and increases with
 * the other counter; a decrease is a reset, and its value then is the new base.
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

  void update(double now) {
    grown.addAndGet(0, Math.max(0, Math.round(now - last)));
    last = now;
  }

  void remove() {
    counters.remove(cell);
  }
}
