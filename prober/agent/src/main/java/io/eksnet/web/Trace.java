package io.eksnet.web;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Timings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A run told line by line, for a person at a terminal. */
final class Trace {
  private static final double NANOS_IN_MILLI = 1e6;

  private Trace() {}

  static String of(Observation observation) {
    var task = observation.task();
    var text = new StringBuilder();
    line(text, "", "probe", TaskLabels.probe(task) + " (" + task.kind() + ")");
    line(text, "", "target", TaskLabels.target(task));
    line(text, "", "at", observation.at().toString());
    line(text, "", "took", millis(observation.took()));
    var outcome = observation.outcome();
    line(text, "", "outcome", outcome.label() + (task.negative() ? " (must be blocked)" : ""));
    if (outcome instanceof Outcome.Several several) {
      for (var part : several.parts()) {
        line(text, "", "address", part.address() + ": " + part.outcome().label());
        leaf(text, "  ", part.outcome());
      }
    } else {
      leaf(text, "", outcome);
    }
    return text.toString();
  }

  static List<Note.Saw> lines(List<Note> notes) {
    return notes.stream().flatMap(note -> line(note).stream()).toList();
  }

  /** To the microsecond. */
  static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.3f ms", duration.toNanos() / NANOS_IN_MILLI);
  }

  private static void leaf(StringBuilder text, String indent, Outcome outcome) {
    if (outcome instanceof Outcome.Success success) {
      timings(text, indent, success.timings());
    } else if (outcome instanceof Outcome.Failure failure) {
      line(text, indent, "failed in", failure.phase().label());
      line(text, indent, "because", failure.cause().meaning());
      line(text, indent, "detail", failure.detail());
      timings(text, indent, failure.timings());
    } else if (outcome instanceof Outcome.NotRun notRun) {
      line(text, indent, "not run", notRun.reason().label());
    }
    lines(outcome.notes()).forEach(saw -> line(text, indent, saw.what(), saw.value()));
  }

  private static void timings(StringBuilder text, String indent, Timings timings) {
    timings.phases().forEach((phase, length) -> line(text, indent, phase.label(), millis(length)));
    if (timings.known()) {
      line(text, indent, "duration", millis(Duration.ofNanos(timings.totalNanos())));
    }
  }

  /** Nothing of what a line says already. */
  private static Optional<Note.Saw> line(Note note) {
    if (note instanceof Note.Saw saw) {
      return Optional.of(saw);
    }
    if (note instanceof Note.CertificateExpiry expiry) {
      return said("certificate expires", expiry.notAfter().toString());
    }
    if (note instanceof Note.Retried) {
      return said("retried", "the first try went unanswered");
    }
    if (note instanceof Note.Truncated) {
      return said("truncated", "a cut answer came over UDP");
    }
    if (note instanceof Note.Read read) {
      return said("read", read.samples().size() + " values");
    }
    return note instanceof Note.Answered answered && answered.byLoadBalancer()
        ? said("answered by", "the load balancer itself, by its Server header")
        : Optional.empty();
  }

  private static Optional<Note.Saw> said(String what, String value) {
    return Optional.of(new Note.Saw(what, value));
  }

  /** Control characters come from the network and could drive a terminal. */
  private static void line(StringBuilder text, String indent, String what, String value) {
    var plain = value.replaceAll("\\p{Cntrl}", "�");
    text.append(indent).append(String.format(Locale.ROOT, "%-20s %s%n", what, plain));
  }
}
