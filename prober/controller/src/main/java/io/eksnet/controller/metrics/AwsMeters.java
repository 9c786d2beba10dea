package io.eksnet.controller.metrics;

import io.eksnet.metrics.Catalogue;
import io.eksnet.metrics.MetricFactory;
import io.eksnet.metrics.Seconds;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Calls to AWS by outcome; any thread may report. */
public final class AwsMeters {
  private static final List<String> OUTCOMES =
      List.of("ok", "denied", "throttled", "error", "timeout");
  private static final double[] BOUNDS = {0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

  private record Operation(String service, String name) {}

  private final Counter requests;
  private final Histogram durations;
  private final LongAdder calls = new LongAdder();
  private final Set<Operation> seen = ConcurrentHashMap.newKeySet();

  AwsMeters(MetricFactory instruments) {
    requests = instruments.counter(Catalogue.AWS_REQUESTS);
    durations = instruments.histogram(Catalogue.AWS_DURATION, BOUNDS);
  }

  /** A request ended; all outcomes of its operation exist from the first one on. */
  public void call(String service, String operation, String outcome, long nanos) {
    if (seen.add(new Operation(service, operation))) {
      OUTCOMES.forEach(each -> requests.initLabelValues(service, operation, each));
    }
    calls.increment();
    requests.labelValues(service, operation, outcome).inc();
    durations.labelValues(service, operation, outcome).observe(Seconds.of(Math.max(0, nanos)));
  }

  /** How many there were, whatever came of them. */
  public long calls() {
    return calls.sum();
  }
}
