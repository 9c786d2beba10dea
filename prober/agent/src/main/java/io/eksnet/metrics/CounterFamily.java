package io.eksnet.metrics;

import io.eksnet.model.MetricSpec;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Very many counters of one metric. The counts lie in arrays that their owners write; a scrape
 * reuses the point of every counter that has not moved.
 */
final class CounterFamily implements Collector {
  private final MetricSpec spec;
  private final SortedSeries<Cell> cells = new SortedSeries<>();

  CounterFamily(MetricSpec spec) {
    this.spec = spec;
  }

  /** Shows one place of an array as a series, until {@link #remove}. */
  Cell show(Labels labels, AtomicLongArray counts, int index) {
    var cell = new Cell(labels, counts, index);
    cells.add(cell);
    return cell;
  }

  void remove(Cell cell) {
    cells.remove(cell);
  }

  @Override
  public CounterSnapshot collect() {
    return new CounterSnapshot(MetricFactory.metadata(spec), cells.map(Cell::point));
  }

  @Override
  public MetricFamilyDescriptor getMetricFamilyDescriptor() {
    return MetricFamilyDescriptor.of(
        MetricType.COUNTER, MetricFactory.metadata(spec), spec.labels());
  }

  static final class Cell extends SortedSeries.Cell {
    private final AtomicLongArray counts;
    private final int index;
    private @Nullable CounterDataPointSnapshot last;

    private Cell(Labels labels, AtomicLongArray counts, int index) {
      super(labels);
      this.counts = counts;
      this.index = index;
    }

    private CounterDataPointSnapshot point() {
      var count = counts.get(index);
      var point = last;
      if (point == null || point.getValue() != count) {
        point = new CounterDataPointSnapshot(count, labels, null, 0);
        last = point;
      }
      return point;
    }
  }
}
