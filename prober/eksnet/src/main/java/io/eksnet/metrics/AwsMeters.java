package io.eksnet.metrics;

import static io.eksnet.core.MetricSpec.Type.COUNTER;
import static io.eksnet.core.MetricSpec.Type.HISTOGRAM;

import io.eksnet.core.MetricSpec;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Calls to AWS by outcome; any thread may report. */
public final class AwsMeters {
  static final MetricSpec REQUESTS =
      new MetricSpec(
          "eksnet_aws_api_requests_total",
          COUNTER,
          "Requests to AWS by outcome.",
          "service",
          "operation",
          "outcome");

  static final MetricSpec DURATION =
      new MetricSpec(
          "eksnet_aws_api_request_duration_seconds",
          HISTOGRAM,
          "Duration of requests to AWS, whatever came of them.",
          "service",
          "operation",
          "outcome");

  private static final List<String> OUTCOMES =
      List.of("ok", "denied", "throttled", "error", "timeout");
  private static final double[] BOUNDS = {0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

  private record Operation(String service, String name) {}

  private final Counter requests;
  private final Histogram durations;
  private final LongAdder calls = new LongAdder();
  private final Set<Operation> seen = ConcurrentHashMap.newKeySet();

  AwsMeters(Instruments instruments) {
    requests = instruments.counter(REQUESTS);
    durations = instruments.histogram(DURATION, BOUNDS);
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
