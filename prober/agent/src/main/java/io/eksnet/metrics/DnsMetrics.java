package io.eksnet.metrics;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.SeriesKey.DnsKey;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.List;

/** The metrics of the built-in {@code dns} suite. */
final class DnsMetrics {
  private final FixedLabels fixed;
  private final CounterFamily queries;
  private final SuiteHistogram durations;
  private final Counter retried;
  private final Counter truncated;
  private final RefCountedMap<List<String>, Tries> tries;

  DnsMetrics(MetricFactory instruments) {
    fixed = instruments.fixed();
    queries = instruments.register(new CounterFamily(Catalogue.DNS_PROBE));
    durations = new SuiteHistogram(instruments, Catalogue.DNS_DURATION);
    retried = instruments.counter(Catalogue.DNS_RETRIED);
    truncated = instruments.counter(Catalogue.DNS_TRUNCATED);
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

  private final class Series extends TimedSeries {
    private final List<String> triesKey;
    private final Tries notes;

    Series(DnsKey of) {
      super(outcomes(of), durations.of(of.path(), of.queryClass(), of.proto()));
      triesKey = List.of(of.path(), of.proto());
      notes = tries.acquire(triesKey, () -> new Tries(of.path(), of.proto()));
    }

    @Override
    void finished(Observation observation) {
      observation.outcome().notes().forEach(notes::count);
    }

    @Override
    void close() {
      super.close();
      tries.release(triesKey);
    }
  }
}
