package io.eksnet.controller.metrics;

import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.InventoryCatalogue;
import io.eksnet.metrics.MetricFactory;
import io.eksnet.model.MetricSpec;
import io.eksnet.model.inventory.Inventory;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Metrics of the inventory as of the last update. The first scrape after an update creates the
 * series, not the update itself, which may run on an event loop.
 */
public final class InventoryMeters {
  private final FixedLabels fixed;
  private volatile State state = new State(Inventory.EMPTY, Instant.EPOCH);

  InventoryMeters(MetricFactory instruments) {
    fixed = instruments.fixed();
    instruments.registry().register(new Page());
  }

  /**
   * What is known from now on, all of it at once. To be called again and again, also without news:
   * what grew too old goes with the next update.
   */
  public void update(Inventory inventory, Instant now) {
    state = new State(inventory, now);
  }

  private MetricSnapshot snapshot(MetricSpec metric, List<SeriesSample> samples) {
    var metadata = MetricFactory.metadata(metric);
    return metric.type() == MetricSpec.Type.COUNTER
        ? new CounterSnapshot(
            metadata,
            samples.stream()
                .map(s -> new CounterDataPointSnapshot(s.value(), labels(s), null, 0))
                .toList())
        : new GaugeSnapshot(
            metadata,
            samples.stream()
                .map(s -> new GaugeDataPointSnapshot(s.value(), labels(s), null))
                .toList());
  }

  private Labels labels(SeriesSample sample) {
    return fixed.with(sample.metric().labels(), sample.labels().toArray(String[]::new));
  }

  /** An inventory and the page that it makes, made when it is first asked for. */
  private final class State {
    private final Inventory inventory;
    private final Instant now;
    private MetricSnapshots page = MetricSnapshots.of();
    private boolean made;

    State(Inventory inventory, Instant now) {
      this.inventory = inventory;
      this.now = now;
    }

    synchronized MetricSnapshots page() {
      if (!made) {
        page =
            new MetricSnapshots(
                InventoryGauges.of(inventory, now).stream()
                    .collect(Collectors.groupingBy(SeriesSample::metric))
                    .entrySet()
                    .stream()
                    .map(metric -> snapshot(metric.getKey(), metric.getValue()))
                    .toList());
        made = true;
      }
      return page;
    }
  }

  private final class Page implements MultiCollector {
    @Override
    public MetricSnapshots collect() {
      return state.page();
    }

    @Override
    public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
      return InventoryCatalogue.all().stream().map(InventoryMeters::descriptor).toList();
    }
  }

  private static MetricFamilyDescriptor descriptor(MetricSpec metric) {
    var type = metric.type() == MetricSpec.Type.COUNTER ? MetricType.COUNTER : MetricType.GAUGE;
    return MetricFamilyDescriptor.of(type, MetricFactory.metadata(metric), metric.labels());
  }
}
