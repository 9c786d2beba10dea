package io.eksnet.metrics;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Failure;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.ServiceKey;
import io.eksnet.model.SeriesKey.TargetKey;

/**
 * The metrics of the built-in suites {@code service}, {@code pod}, {@code target}, {@code sts} and
 * {@code endpoints}.
 */
final class PathMetrics {
  private static final String STS = "sts";

  private final FixedLabels fixed;
  private final SuiteCounter services;
  private final SuiteHistogram serviceDurations;
  private final SuiteCounter pods;
  private final SuiteHistogram podDurations;
  private final SuiteCounter targets;
  private final SuiteHistogram targetDurations;
  private final SuiteCounter sts;
  private final SuiteCounter endpoints;
  private final SuiteHistogram endpointDurations;
  private final GaugeFamily privateDns;

  PathMetrics(MetricFactory instruments) {
    fixed = instruments.fixed();
    services = new SuiteCounter(instruments, Catalogue.SERVICE_PROBE, LabelScheme.STAGE);
    serviceDurations = new SuiteHistogram(instruments, Catalogue.SERVICE_DURATION);
    pods = new SuiteCounter(instruments, Catalogue.POD_PROBE, LabelScheme.OUTCOME);
    podDurations = new SuiteHistogram(instruments, Catalogue.POD_DURATION);
    targets = new SuiteCounter(instruments, Catalogue.TARGET_PROBE, LabelScheme.STAGE);
    targetDurations = new SuiteHistogram(instruments, Catalogue.TARGET_DURATION);
    sts = new SuiteCounter(instruments, Catalogue.STS_PROBE, LabelScheme.STAGE);
    endpoints = new SuiteCounter(instruments, Catalogue.ENDPOINT_PROBE, LabelScheme.STAGE);
    endpointDurations = new SuiteHistogram(instruments, Catalogue.ENDPOINT_DURATION);
    privateDns = instruments.register(new GaugeFamily(Catalogue.ENDPOINT_DNS_PRIVATE));
  }

  SubjectSeries series(ServiceKey of) {
    return new TimedSeries(
        services.of(of.namespace(), of.service(), of.via()),
        serviceDurations.of(of.namespace(), of.service(), of.via()));
  }

  SubjectSeries series(PodKey of) {
    return new TimedSeries(
        pods.of(of.sourceZone(), of.targetZone()),
        podDurations.of(of.sourceZone(), of.targetZone()));
  }

  SubjectSeries series(TargetKey of) {
    return new TimedSeries(targets.of(of.targetGroup()), targetDurations.of(of.targetGroup()));
  }

  SubjectSeries sts() {
    return new Endpoint(OutcomeCounter.both(sts.of(), endpoints.of(STS)), STS);
  }

  SubjectSeries series(EndpointKey of) {
    return new Endpoint(endpoints.of(of.service()), of.service());
  }

  /** An endpoint of AWS, which a VPC endpoint may give private addresses. */
  private final class Endpoint extends TimedSeries {
    private final GaugeFamily.Cell isPrivate;

    Endpoint(OutcomeCounter counter, String service) {
      super(counter, endpointDurations.of(service));
      isPrivate = privateDns.add(fixed.with(Catalogue.ENDPOINT_DNS_PRIVATE.labels(), service));
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
    }
  }

  private static boolean unresolved(Outcome outcome) {
    return outcome.leaves().stream()
        .anyMatch(leaf -> leaf instanceof Failure failure && failure.phase() == Phase.RESOLVE);
  }
}
