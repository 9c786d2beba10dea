package io.eksnet.metrics;

import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import java.time.Instant;
import java.util.Comparator;

/** When certificates end, of probes and of load balancers. */
final class Expiries {
  /** For so many runs in a row without a handshake the last certificate is still believed. */
  private static final int BELIEVED = 2;

  private final FixedLabels fixed;
  private final Gauges gauges;

  Expiries(Instruments instruments) {
    fixed = instruments.fixed();
    gauges = instruments.register(new Gauges(Catalogue.CERTIFICATE_EXPIRY));
  }

  Expiry ofProbe(String probe, String target) {
    return new Expiry(probe, "", target);
  }

  Expiry ofLoadBalancer(String lb, String listener) {
    return new Expiry("", lb, listener);
  }

  /** The certificates of one target; absent until one was seen, and when none was for a while. */
  final class Expiry {
    private final Gauges.Cell cell;
    private int without;

    private Expiry(String probe, String lb, String target) {
      cell = gauges.add(fixed.with(Catalogue.CERTIFICATE_EXPIRY.labels(), probe, lb, target));
    }

    /** The first to end of those that a run saw decides. */
    synchronized void saw(Outcome outcome) {
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
      if (without < BELIEVED) {
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
