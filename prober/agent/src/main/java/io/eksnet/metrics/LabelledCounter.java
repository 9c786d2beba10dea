package io.eksnet.metrics;

import io.eksnet.model.KindSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The counters of one thing that a suite probes, one for each way in which runs can end. */
final class LabelledCounter implements OutcomeCounter {
  /** Beyond these, labels become coarse. */
  private static final int MAX_SERIES = 128;

  private record Count(AtomicLongArray value, CounterFamily.Cell cell) {}

  private final CounterFamily counters;
  private final Function<List<String>, Labels> labels;
  private final LabelScheme scheme;
  private final Map<List<String>, Count> counts = new ConcurrentHashMap<>();
  private boolean closed;

  /**
   * @param labels from the last labels to all
   */
  LabelledCounter(
      CounterFamily counters, Function<List<String>, Labels> labels, LabelScheme scheme) {
    this.counters = counters;
    this.labels = labels;
    this.scheme = scheme;
  }

  @Override
  public void initSeries(Task task, KindSpec<?> kind) {
    scheme.initialLabels(task, kind).forEach(this::of);
  }

  @Override
  public void count(Outcome leaf) {
    var wanted = scheme.of(leaf);
    var known = counts.containsKey(wanted) || counts.size() < MAX_SERIES;
    var count = of(known ? wanted : scheme.coarsened(wanted));
    if (count != null) {
      count.value().addAndGet(0, leaf.ticks());
    }
  }

  @Override
  public synchronized void close() {
    counts.values().forEach(count -> counters.remove(count.cell()));
    counts.clear();
    closed = true;
  }

  private @Nullable Count of(List<String> last) {
    var count = counts.get(last);
    return count == null ? show(last) : count;
  }

  private synchronized @Nullable Count show(List<String> last) {
    return closed
        ? null
        : counts.computeIfAbsent(
            last,
            key -> {
              var value = new AtomicLongArray(1);
              return new Count(value, counters.show(labels.apply(key), value, 0));
            });
  }
}
