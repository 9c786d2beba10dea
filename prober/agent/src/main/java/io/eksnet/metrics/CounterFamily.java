package io.eksnet.metrics;

import io.eksnet.model.MetricSpec;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/** Very many counters of one metric, whose counts are in arrays that their owners write. */
final class CounterFamily implements PartitionedFamily {
  private final MetricSpec spec;
  private final SortedSeries<Cell> cells = new SortedSeries<>();

  CounterFamily(MetricSpec spec) {
    this.spec = spec;
  }

  /** Exposes one place of an array as a series, until {@link #remove}. */
  Cell show(Labels labels, AtomicLongArray counts, int index) {
    return add(
        new Cell(labels) {
          private final LabelBlock block = LabelBlock.of(labels);

          @Override
          void write(SampleWriter samples) throws IOException {
            samples.sample(block, (double) counts.get(index));
          }

          @Override
          void collect(Consumer<CounterDataPointSnapshot> points) {
            points.accept(point(counts.get(index), labels));
          }
        });
  }

  /** Exposes the data points of a cell, until {@link #remove}. */
  Cell add(Cell cell) {
    cells.add(cell);
    return cell;
  }

  void remove(Cell cell) {
    cells.remove(cell);
  }

  static CounterDataPointSnapshot point(long count, Labels labels) {
    return new CounterDataPointSnapshot(count, labels, null, 0);
  }

  @Override
  public void collectParts(int maxPoints, PartConsumer parts) throws IOException {
    var points = new ArrayList<CounterDataPointSnapshot>();
    for (var cell : cells.visible()) {
      cell.collect(points::add);
      if (points.size() >= maxPoints) {
        parts.accept(snapshot(points));
        points.clear();
      }
    }
    if (!points.isEmpty()) {
      parts.accept(snapshot(points));
    }
  }

  @Override
  public String sampleName() {
    return spec.name();
  }

  @Override
  public MetricSnapshot example() {
    return snapshot(List.of(point(0, Labels.EMPTY)));
  }

  @Override
  public void writeSamples(SampleWriter samples) throws IOException {
    for (var cell : cells.visible()) {
      cell.write(samples);
    }
  }

  @Override
  public CounterSnapshot collect() {
    var points = new ArrayList<CounterDataPointSnapshot>();
    cells.visible().forEach(cell -> cell.collect(points::add));
    return snapshot(points);
  }

  private CounterSnapshot snapshot(List<CounterDataPointSnapshot> points) {
    return new CounterSnapshot(MetricFactory.metadata(spec), points);
  }

  @Override
  public MetricFamilyDescriptor getMetricFamilyDescriptor() {
    return MetricFamilyDescriptor.of(
        MetricType.COUNTER, MetricFactory.metadata(spec), spec.labels());
  }

  /** One series, or the series that share all labels but one. */
  abstract static class Cell extends SortedSeries.Cell {
    Cell(Labels labels) {
      super(labels);
    }

    /** Writes the samples of the data points. */
    abstract void write(SampleWriter samples) throws IOException;

    /** Adds the data points. */
    abstract void collect(Consumer<CounterDataPointSnapshot> points);
  }
}
