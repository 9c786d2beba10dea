package io.eksnet.metrics;

import static io.eksnet.metrics.Catalogue.PROBE;
import static io.eksnet.metrics.Catalogue.PROBE_LAST_DNS_SERIAL;
import static io.eksnet.metrics.Catalogue.PROBE_LAST_DURATION;
import static io.eksnet.metrics.Catalogue.PROBE_LAST_RUN;
import static io.eksnet.metrics.Catalogue.PROBE_LAST_STATUS_CODE;
import static io.eksnet.metrics.Catalogue.PROBE_SUCCESS;

import io.eksnet.model.KindSpec;
import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.UserProbeKey;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The metrics of the user's own probes. */
final class UserProbeMetrics {
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final FixedLabels fixed;
  private final CounterFamily runs;
  private final GaugeFamily success;
  private final GaugeFamily lastRun;
  private final GaugeFamily lastDuration;
  private final GaugeFamily lastStatusCode;
  private final GaugeFamily lastDnsSerial;
  private final CertificateExpiryGauges expiries;
  private final Histogram durations;
  private final Summary phases;
  private final RefCountedMap<List<String>, ByProbe> byProbe;

  UserProbeMetrics(MetricFactory instruments, CertificateExpiryGauges expiries) {
    this.expiries = expiries;
    fixed = instruments.fixed();
    runs = instruments.register(new CounterFamily(PROBE));
    success = instruments.register(new GaugeFamily(PROBE_SUCCESS));
    lastRun = instruments.register(new GaugeFamily(PROBE_LAST_RUN));
    lastDuration = instruments.register(new GaugeFamily(PROBE_LAST_DURATION));
    lastStatusCode = instruments.register(new GaugeFamily(PROBE_LAST_STATUS_CODE));
    lastDnsSerial = instruments.register(new GaugeFamily(PROBE_LAST_DNS_SERIAL));
    durations = instruments.histogram(Catalogue.PROBE_DURATION, BOUNDS);
    phases = instruments.summary(Catalogue.PROBE_PHASE);
    byProbe = new RefCountedMap<>((key, shared) -> shared.remove());
  }

  /**
   * The series of one target.
   *
   * @param labels more labels, chosen by the user
   */
  SubjectSeries series(UserProbeKey subject, KindSpec<?> kind, Map<String, String> labels) {
    var key = List.of(subject.probe(), subject.kind());
    return new Series(
        subject, userLabels(labels), key, byProbe.acquire(key, () -> new ByProbe(subject, kind)));
  }

  private OutcomeCounters outcomes(UserProbeKey of, Labels labels) {
    return new OutcomeCounters(
        runs,
        outcome ->
            fixed.with(PROBE.labels(), of.probe(), of.kind(), of.target(), outcome).merge(labels));
  }

  private static Labels userLabels(Map<String, String> labels) {
    var names = List.copyOf(labels.keySet());
    return Labels.of(names, names.stream().map(labels::get).toList());
  }

  /** What the targets of a probe share: a target is a label of counters, not of histograms. */
  private final class ByProbe {
    private final UserProbeKey of;
    private final DistributionDataPoint duration;
    private final Map<Phase, DistributionDataPoint> spent = new EnumMap<>(Phase.class);

    ByProbe(UserProbeKey of, KindSpec<?> kind) {
      this.of = of;
      duration = durations.labelValues(of.probe(), of.kind());
      for (var phase : kind.phases()) {
        spent.put(phase, phases.labelValues(of.probe(), of.kind(), phase.label()));
      }
    }

    void observe(Outcome.Success run) {
      duration.observe(Seconds.of(run.timings().totalNanos()));
      spent.forEach(
          (phase, point) -> {
            var nanos = run.timings().nanos(phase);
            if (nanos >= 0) {
              point.observe(Seconds.of(nanos));
            }
          });
    }

    void remove() {
      durations.remove(of.probe(), of.kind());
      spent.keySet().forEach(phase -> phases.remove(of.probe(), of.kind(), phase.label()));
    }
  }

  private final class Series extends SubjectSeries {
    private final List<String> key;
    private final ByProbe shared;
    private final GaugeFamily.Cell succeeded;
    private final GaugeFamily.Cell ranAt;
    private final GaugeFamily.Cell took;
    private final GaugeFamily.Cell statusCode;
    private final GaugeFamily.Cell dnsSerial;
    private final CertificateExpiryGauges.CertificateExpiryGauge expiry;

    Series(UserProbeKey of, Labels more, List<String> key, ByProbe shared) {
      super(outcomes(of, more));
      this.key = key;
      this.shared = shared;
      var labels =
          fixed.with(PROBE_SUCCESS.labels(), of.probe(), of.kind(), of.target()).merge(more);
      var block = LabelBlock.of(labels);
      succeeded = success.add(labels, block);
      ranAt = lastRun.add(labels, block);
      took = lastDuration.add(labels, block);
      statusCode = lastStatusCode.add(labels, block);
      dnsSerial = lastDnsSerial.add(labels, block);
      expiry = expiries.ofProbe(of.probe(), of.target());
    }

    @Override
    void succeeded(Outcome.Success run) {
      shared.observe(run);
    }

    @Override
    void finished(Observation observation) {
      var outcome = observation.outcome();
      if (outcome.ran()) {
        succeeded.set(outcome.succeeded() ? 1 : 0);
        ranAt.set(Seconds.of(observation.at()));
        took.set(duration(outcome));
        statusCode.set(statusCode(outcome));
        dnsSerial.set(dnsSerial(outcome));
      }
      expiry.onOutcome(outcome);
    }

    /** In seconds, of the slowest address; not a number if it failed or is unknown. */
    private static double duration(Outcome outcome) {
      return outcome.leaves().stream()
          .mapToDouble(
              leaf ->
                  leaf instanceof Outcome.Success success && success.timings().known()
                      ? Seconds.of(success.timings().totalNanos())
                      : Double.NaN)
          .reduce(0, Math::max);
    }

    private static double statusCode(Outcome outcome) {
      return outcome
          .notes(Note.Answered.class)
          .mapToDouble(Note.Answered::code)
          .max()
          .orElse(Double.NaN);
    }

    private static double dnsSerial(Outcome outcome) {
      return outcome
          .notes(Note.ZoneSerial.class)
          .mapToDouble(Note.ZoneSerial::serial)
          .findFirst()
          .orElse(Double.NaN);
    }

    @Override
    void stale() {
      succeeded.set(Double.NaN);
      took.set(Double.NaN);
      statusCode.set(Double.NaN);
      dnsSerial.set(Double.NaN);
    }

    @Override
    void close() {
      super.close();
      success.remove(succeeded);
      lastRun.remove(ranAt);
      lastDuration.remove(took);
      lastStatusCode.remove(statusCode);
      lastDnsSerial.remove(dnsSerial);
      expiry.close();
      byProbe.release(key);
    }
  }
}
