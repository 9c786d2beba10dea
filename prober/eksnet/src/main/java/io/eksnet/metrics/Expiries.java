package io.eksnet.metrics;

import io.eksnet.core.Note;
import io.eksnet.core.Outcome;
import java.time.Instant;
import java.util.Comparator;

/** When certificates end, of probes and of load balancers. */
final class Expiries {
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

  /** The certificates of one target; absent until one was seen. */
  final class Expiry {
    private final Gauges.Cell cell;

    private Expiry(String probe, String lb, String target) {
      cell = gauges.add(fixed.with(Catalogue.CERTIFICATE_EXPIRY.labels(), probe, lb, target));
    }

    /** The first to end of those that a run saw decides. */
    void saw(Outcome outcome) {
      outcome.notes().stream()
          .filter(Note.CertificateExpiry.class::isInstance)
          .map(note -> ((Note.CertificateExpiry) note).notAfter())
          .min(Comparator.naturalOrder())
          .ifPresent(this::set);
    }

    void close() {
      gauges.remove(cell);
    }

    private void set(Instant notAfter) {
      cell.set(Seconds.of(notAfter));
    }
  }
}
