package io.eksnet.metrics;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Failure;
import io.eksnet.model.Outcome.Success;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.ServiceKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;

/**
 * The metrics of the built-in suites {@code service}, {@code pod}, {@code target}, {@code sts} and
 * {@code endpoints}.
 */
final class PathMetrics {
  private static final String STS = "sts";

  private final FixedLabels fixed;
  private final SuiteCounter services;
  private final SuiteCounter pods;
  private final SuiteCounter targets;
  private final SuiteCounter sts;
  private final SuiteCounter endpoints;
  private final GaugeFamily privateDns;
  private final Histogram durations;

  PathMetrics(MetricFactory instruments) {
    fixed = instruments.fixed();
    services = new SuiteCounter(instruments, Catalogue.SERVICE_PROBE, LabelScheme.STAGE);
    pods = new SuiteCounter(instruments, Catalogue.POD_PROBE, LabelScheme.OUTCOME);
    targets = new SuiteCounter(instruments, Catalogue.TARGET_PROBE, LabelScheme.STAGE);
    sts = new SuiteCounter(instruments, Catalogue.STS_PROBE, LabelScheme.STAGE);
    endpoints = new SuiteCounter(instruments, Catalogue.ENDPOINT_PROBE, LabelScheme.STAGE);
    privateDns = instruments.register(new GaugeFamily(Catalogue.ENDPOINT_DNS_PRIVATE));
    durations = instruments.histogram(Catalogue.ENDPOINT_DURATION, DurationBuckets.BOUNDS);
  }

  SubjectSeries series(ServiceKey of) {
    return new SubjectSeries(services.of(of.namespace(), of.service(), of.via()));
  }

  SubjectSeries series(PodKey of) {
    return new SubjectSeries(pods.of(of.sourceZone(), of.targetZone()));
  }

  SubjectSeries series(TargetKey of) {
    return new SubjectSeries(targets.of(of.targetGroup()));
  }

  SubjectSeries sts() {
    return new Endpoint(OutcomeCounter.both(sts.of(), endpoints.of(STS)), STS);
  }

  SubjectSeries series(EndpointKey of) {
    return new Endpoint(endpoints.of(of.service()), of.service());
  }

  /** An endpoint of AWS, which a VPC endpoint may give private addresses. */
  private final class Endpoint extends SubjectSeries {
    private final String service;
    private final GaugeFamily.Cell isPrivate;
    private final DistributionDataPoint duration;

    Endpoint(OutcomeCounter counter, String service) {
      super(counter);
      this.service = service;
      isPrivate = privateDns.add(fixed.with(Catalogue.ENDPOINT_DNS_PRIVATE.labels(), service));
      duration = durations.labelValues(service);
    }

    @Override
    void succeeded(Success call) {
      duration.observe(Seconds.of(call.timings().totalNanos()));
    }

    /** What the name means now is not known when it does not resolve. */
    @Override
    void finished(Observation observation) {
      var outcome = observation.outcome();
      var resolved =
          outcome.notes().stream()
              .filter(Note.Resolved.class::isInstance)
              .map(note -> ((Note.Resolved) note).addresses())
              .findFirst();
      if (resolved.isPresent()) {
        isPrivate.set(resolved.get().stream().allMatch(AddressLiteral::isPrivate) ? 1 : 0);
      } else if (unresolved(outcome)) {
        isPrivate.set(Double.NaN);
      }
    }

    @Override
    void stale() {
      isPrivate.set(Double.NaN);
    }

    @Override
    void close() {
      super.close();
      privateDns.remove(isPrivate);
      durations.remove(service);
    }
  }

  private static boolean unresolved(Outcome outcome) {
    return outcome.leaves().stream()
        .anyMatch(leaf -> leaf instanceof Failure failure && failure.phase() == Phase.RESOLVE);
  }
}
