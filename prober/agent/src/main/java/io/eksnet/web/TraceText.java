package io.eksnet.web;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Timings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An observation line by line, for a person at a terminal. */
final class TraceText {
  private static final double NANOS_IN_MILLI = 1e6;

  private static final Note.Cases<Optional<Note.Attribute>> LINE =
      new Note.Cases<>(
          expiry -> attribute("certificate expires", expiry.notAfter().toString()),
          retried -> attribute("retried", "the first try went unanswered"),
          truncated -> attribute("truncated", "the UDP response was truncated"),
          answered ->
              answered.byLoadBalancer()
                  ? attribute("answered by", "the load balancer itself, by its Server header")
                  : Optional.empty(),
          resolved -> Optional.empty(),
          read -> attribute("read", read.samples().size() + " values"),
          zone -> attribute("zone serial", Long.toString(zone.serial())),
          Optional::of);

  private TraceText() {}

  static String of(Observation observation) {
    var task = observation.task();
    var text = new StringBuilder();
    line(text, "", "probe", TaskLabels.probe(task) + " (" + task.kind() + ")");
    line(text, "", "target", TaskLabels.target(task));
    line(text, "", "at", observation.at().toString());
    line(text, "", "took", millis(observation.took()));
    var outcome = observation.outcome();
    line(text, "", "outcome", outcome.label() + (task.expectBlocked() ? " (must be blocked)" : ""));
    outcome.match(
        success -> leaf(text, "", success),
        failure -> leaf(text, "", failure),
        notRun -> leaf(text, "", notRun),
        several -> {
          for (var part : several.parts()) {
            line(text, "", "address", part.address() + ": " + part.outcome().label());
            leaf(text, "  ", part.outcome());
          }
          return text;
        });
    return text.toString();
  }

  static List<Note.Attribute> lines(List<Note> notes) {
    return notes.stream().flatMap(note -> note.fold(LINE).stream()).toList();
  }

  /** To the microsecond. */
  static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.3f ms", duration.toNanos() / NANOS_IN_MILLI);
  }

  private static StringBuilder leaf(StringBuilder text, String indent, Outcome outcome) {
    outcome.fold(
        success -> timings(text, indent, success.timings()),
        failure -> {
          line(text, indent, "failed in", failure.phase().label());
          line(text, indent, "because", failure.cause().meaning());
          line(text, indent, "detail", failure.detail());
          return timings(text, indent, failure.timings());
        },
        notRun -> line(text, indent, "not run", notRun.text()));
    lines(outcome.notes()).forEach(a -> line(text, indent, a.what(), a.value()));
    return text;
  }

  private static StringBuilder timings(StringBuilder text, String indent, Timings timings) {
    timings.phases().forEach((phase, length) -> line(text, indent, phase.label(), millis(length)));
    if (timings.known()) {
      line(text, indent, "duration", millis(Duration.ofNanos(timings.totalNanos())));
    }
    return text;
  }

  private static Optional<Note.Attribute> attribute(String what, String value) {
    return Optional.of(new Note.Attribute(what, value));
  }

  /** Control characters come from the network and could drive a terminal. */
  private static StringBuilder line(StringBuilder text, String indent, String what, String value) {
    var plain = value.replaceAll("\\p{Cntrl}", "�");
    return text.append(indent).append(String.format(Locale.ROOT, "%-20s %s%n", what, plain));
  }
}
