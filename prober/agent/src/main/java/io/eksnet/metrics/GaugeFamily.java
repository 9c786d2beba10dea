package io.eksnet.metrics;

import io.eksnet.model.MetricSpec;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import org.jspecify.annotations.Nullable;

/** Very many gauges of one metric; one that was never set is absent. */
final class GaugeFamily implements Collector {
  private final MetricSpec spec;
  private final SortedSeries<Cell> cells = new SortedSeries<>();

  GaugeFamily(MetricSpec spec) {
    this.spec = spec;
  }

  Cell add(Labels labels) {
    var cell = new Cell(labels);
    cells.add(cell);
    return cell;
  }

  void remove(Cell cell) {
    cells.remove(cell);
  }

  @Override
  public GaugeSnapshot collect() {
    return new GaugeSnapshot(MetricFactory.metadata(spec), cells.map(Cell::point));
  }

  @Override
  public MetricFamilyDescriptor getMetricFamilyDescriptor() {
    return MetricFamilyDescriptor.of(MetricType.GAUGE, MetricFactory.metadata(spec), spec.labels());
  }

  static final class Cell extends SortedSeries.Cell {
    private volatile double value = Double.NaN;
    private @Nullable GaugeDataPointSnapshot last;

    private Cell(Labels labels) {
      super(labels);
    }

    void set(double now) {
      value = now;
    }

    private @Nullable GaugeDataPointSnapshot point() {
      var now = value;
      if (Double.isNaN(now)) {
        return null;
      }
      var point = last;
      if (point == null || point.getValue() != now) {
        point = new GaugeDataPointSnapshot(now, labels, null);
        last = point;
      }
      return point;
    }
  }
}
