package io.eksnet.metrics;

import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import java.time.Instant;
import java.util.Comparator;

/** When certificates end, of probes and of load balancers. */
final class CertificateExpiryGauges {
  /** The last certificate is fresh for so many runs in a row without a handshake. */
  private static final int RUNS_KEPT = 2;

  private final FixedLabels fixed;
  private final GaugeFamily gauges;

  CertificateExpiryGauges(MetricFactory instruments) {
    fixed = instruments.fixed();
    gauges = instruments.register(new GaugeFamily(Catalogue.CERTIFICATE_EXPIRY));
  }

  CertificateExpiryGauge ofProbe(String probe, String target) {
    return new CertificateExpiryGauge(probe, "", target);
  }

  CertificateExpiryGauge ofLoadBalancer(String lb, String listener) {
    return new CertificateExpiryGauge("", lb, listener);
  }

  /** The certificates of one target; absent until one was seen, and when none was for a while. */
  final class CertificateExpiryGauge {
    private final GaugeFamily.Cell cell;
    private int without;

    private CertificateExpiryGauge(String probe, String lb, String target) {
      cell = gauges.add(fixed.with(Catalogue.CERTIFICATE_EXPIRY.labels(), probe, lb, target));
    }

    /** Exports the earliest expiry of a run. */
    synchronized void onOutcome(Outcome outcome) {
      outcome.notes().stream()
          .filter(Note.CertificateExpiry.class::isInstance)
          .map(note -> ((Note.CertificateExpiry) note).notAfter())
          .min(Comparator.naturalOrder())
          .ifPresentOrElse(this::set, this::age);
    }

    void close() {
      gauges.remove(cell);
    }

    /** It may have been renewed since. */
    private void age() {
      if (without < RUNS_KEPT) {
        without++;
      } else {
        cell.set(Double.NaN);
      }
    }

    private void set(Instant notAfter) {
      without = 0;
      cell.set(Seconds.of(notAfter));
    }
  }
}
