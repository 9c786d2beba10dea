package io.eksnet.metrics;

import io.eksnet.model.MetricSpec;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Very many gauges of one metric; one that was never set is absent. */
final class GaugeFamily implements PartitionedFamily {
  private final MetricSpec spec;
  private final SortedSeries<Cell> cells = new SortedSeries<>();

  GaugeFamily(MetricSpec spec) {
    this.spec = spec;
  }

  Cell add(Labels labels) {
    return add(labels, LabelBlock.of(labels));
  }

  /** With the block of these labels, which a target's gauges share. */
  Cell add(Labels labels, LabelBlock block) {
    var cell = new Cell(labels, block);
    cells.add(cell);
    return cell;
  }

  void remove(Cell cell) {
    cells.remove(cell);
  }

  @Override
  public void collectParts(int maxPoints, PartConsumer parts) throws IOException {
    var points = new ArrayList<GaugeDataPointSnapshot>();
    for (var cell : cells.visible()) {
      cell.collect(points);
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
    return snapshot(List.of(new GaugeDataPointSnapshot(0, Labels.EMPTY, null)));
  }

  @Override
  public void writeSamples(SampleWriter samples) throws IOException {
    for (var cell : cells.visible()) {
      var now = cell.value;
      if (!Double.isNaN(now)) {
        samples.sample(cell.block, now);
      }
    }
  }

  @Override
  public GaugeSnapshot collect() {
    var points = new ArrayList<GaugeDataPointSnapshot>();
    cells.visible().forEach(cell -> cell.collect(points));
    return snapshot(points);
  }

  private GaugeSnapshot snapshot(List<GaugeDataPointSnapshot> points) {
    return new GaugeSnapshot(MetricFactory.metadata(spec), points);
  }

  @Override
  public MetricFamilyDescriptor getMetricFamilyDescriptor() {
    return MetricFamilyDescriptor.of(MetricType.GAUGE, MetricFactory.metadata(spec), spec.labels());
  }

  static final class Cell extends SortedSeries.Cell {
    private final LabelBlock block;
    private volatile double value = Double.NaN;

    private Cell(Labels labels, LabelBlock block) {
      super(labels);
      this.block = block;
    }

    void set(double now) {
      value = now;
    }

    private void collect(List<GaugeDataPointSnapshot> points) {
      var now = value;
      if (!Double.isNaN(now)) {
        points.add(new GaugeDataPointSnapshot(now, labels, null));
      }
    }
  }
}
