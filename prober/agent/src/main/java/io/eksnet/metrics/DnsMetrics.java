package io.eksnet.metrics;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.SeriesKey.DnsKey;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;

/** The metrics of the built-in {@code dns} suite. */
final class DnsMetrics {
  private final FixedLabels fixed;
  private final CounterFamily queries;
  private final Histogram durations;
  private final Counter retried;
  private final Counter truncated;
  private final RefCountedMap<List<String>, DistributionDataPoint> timed;
  private final RefCountedMap<List<String>, Tries> tries;

  DnsMetrics(MetricFactory instruments) {
    fixed = instruments.fixed();
    queries = instruments.register(new CounterFamily(Catalogue.DNS_PROBE));
    durations = instruments.histogram(Catalogue.DNS_DURATION, DurationBuckets.BOUNDS);
    retried = instruments.counter(Catalogue.DNS_RETRIED);
    truncated = instruments.counter(Catalogue.DNS_TRUNCATED);
    timed = new RefCountedMap<>((key, point) -> durations.remove(key.toArray(String[]::new)));
    tries = new RefCountedMap<>((key, point) -> point.remove());
  }

  SubjectSeries series(DnsKey path) {
    return new Series(path);
  }

  private OutcomeCounters outcomes(DnsKey of) {
    return new OutcomeCounters(
        queries,
        outcome ->
            fixed.with(
                Catalogue.DNS_PROBE.labels(),
                of.path(),
                of.server(),
                of.queryClass(),
                of.qtype(),
                of.proto(),
                outcome));
  }

  /** What happened to the single tries of queries. */
  private final class Tries {
    private final String path;
    private final String proto;
    private final CounterDataPoint retries;
    private final CounterDataPoint cuts;

    Tries(String path, String proto) {
      this.path = path;
      this.proto = proto;
      retries = retried.labelValues(path, proto);
      cuts = truncated.labelValues(path, proto);
    }

    void count(Note note) {
      if (note instanceof Note.Retried) {
        retries.inc();
      } else if (note instanceof Note.Truncated) {
        cuts.inc();
      }
    }

    void remove() {
      retried.remove(path, proto);
      truncated.remove(path, proto);
    }
  }

  private final class Series extends SubjectSeries {
    private final List<String> timedKey;
    private final List<String> triesKey;
    private final DistributionDataPoint duration;
    private final Tries notes;

    Series(DnsKey of) {
      super(outcomes(of));
      timedKey = List.of(of.path(), of.queryClass(), of.proto());
      triesKey = List.of(of.path(), of.proto());
      duration =
          timed.acquire(timedKey, () -> durations.labelValues(timedKey.toArray(String[]::new)));
      notes = tries.acquire(triesKey, () -> new Tries(of.path(), of.proto()));
    }

    @Override
    void succeeded(Outcome.Success query) {
      duration.observe(Seconds.of(query.timings().totalNanos()));
    }

    @Override
    void finished(Observation observation) {
      observation.outcome().notes().forEach(notes::count);
    }

    @Override
    void close() {
      super.close();
      timed.release(timedKey);
      tries.release(triesKey);
    }
  }
}
