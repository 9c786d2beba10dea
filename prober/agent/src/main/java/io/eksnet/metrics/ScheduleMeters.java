package io.eksnet.metrics;

import io.eksnet.model.Observation;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.Outcome.Reason;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;

/** The metrics of the schedule and its event loop. */
public final class ScheduleMeters {
  private static final double[] LAG_BOUNDS = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5
  };
  private static final double[] STALL_BOUNDS = {0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

  private final Histogram lag;
  private final Histogram stall;
  private final Gauge tasks;
  private final Map<Reason, CounterDataPoint> missed = new EnumMap<>(Reason.class);
  private volatile IntSupplier inFlight = () -> 0;

  ScheduleMeters(MetricFactory instruments, Collection<String> kinds) {
    lag = instruments.histogram(Catalogue.SCHEDULE_LAG, LAG_BOUNDS);
    stall = instruments.histogram(Catalogue.STALL, STALL_BOUNDS);
    tasks = instruments.gauge(Catalogue.TASKS);
    kinds.forEach(tasks::initLabelValues);
    var missedByReason = instruments.counter(Catalogue.PROBE_MISSED);
    for (var reason : Reason.values()) {
      missed.put(reason, missedByReason.labelValues(reason.label()));
    }
    instruments.gauge(Catalogue.IN_FLIGHT, () -> inFlight.getAsInt());
  }

  /** A run started this much later than planned; any thread may call it. */
  public void lag(long nanos) {
    lag.observe(Seconds.of(Math.max(0, nanos)));
  }

  /** The event loop of the probes was blocked for this long. */
  public void stall(long nanos) {
    stall.observe(Seconds.of(nanos));
  }

  /** Counts the ticks that passed without a run; of several addresses, each reason once. */
  public void record(Observation observation) {
    var ticks = new EnumMap<Reason, Long>(Reason.class);
    for (var leaf : observation.outcome().leaves()) {
      if (leaf instanceof NotRun notRun) {
        ticks.merge(notRun.reason(), notRun.ticks(), Math::max);
      }
    }
    ticks.forEach((reason, count) -> missed(reason).inc(count));
  }

  private CounterDataPoint missed(Reason reason) {
    return Objects.requireNonNull(missed.get(reason));
  }

  /** Reads the number of runs in flight at each scrape, on its thread. */
  public void inFlight(IntSupplier runs) {
    inFlight = runs;
  }

  /** How many tasks of a kind are scheduled; 0 after the last one was removed. */
  public void tasks(String kind, int scheduled) {
    tasks.labelValues(kind).set(scheduled);
  }
}
