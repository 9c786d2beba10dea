package io.eksnet.cli;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Failure;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import io.eksnet.model.diagnosis.Layer;
import io.eksnet.web.TaskLabels;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One run of a probe as the doctor prints it. */
record Check(
    Layer layer, boolean optional, String probe, String target, Outcome outcome, Duration took) {
  static Check of(Observation observation) {
    var task = observation.task();
    var layer = Layer.of(task.key());
    var optional = task.key() instanceof SeriesKey.NodeComponentKey;
    var outcome = observation.outcome();
    if (task.key() instanceof SeriesKey.DnsKey path) {
      var question = path.queryClass() + " " + path.qtype() + " " + path.proto();
      return new Check(
          layer,
          optional,
          path.path(),
          task.target().host() + " " + question,
          outcome,
          observation.took());
    }
    return new Check(
        layer,
        optional,
        TaskLabels.probe(task),
        TaskLabels.target(task),
        outcome,
        observation.took());
  }

  /** From DNS up. */
  static int rank(Task task) {
    return Layer.of(task.key()).ordinal();
  }

  int rank() {
    return layer.ordinal();
  }

  boolean failed() {
    return outcome.failed() && !optional;
  }

  /** A part of the node does not answer, or is not installed. */
  boolean notResponding() {
    return outcome.failed() && optional;
  }

  /** For a person, in columns. */
  String line(boolean colour) {
    var columns =
        String.format(
            Locale.ROOT,
            "%-11s  %-13s  %10s  %s  %s  (%s)",
            layer.label(),
            outcome.succeeded() ? "ok" : outcome.label(),
            millis(took),
            probe,
            target,
            detail());
    return ink().paint(colour, columns);
  }

  JsonObject json() {
    return new JsonObject()
        .put("layer", layer.label())
        .put("probe", probe)
        .put("target", target)
        .put("outcome", outcome.label())
        .put("duration_seconds", took.toNanos() / 1e9)
        .put("phase", outcome.fold(s -> null, f -> f.phase().label(), n -> null))
        .put("detail", outcome.fold(s -> "", Failure::detail, Outcome.NotRun::text))
        .put("trace", new JsonArray(trace()));
  }

  private String detail() {
    return outcome.fold(
        success -> phases(success.timings()),
        failure -> failure.phase().label() + ": " + failure.detail(),
        notRun -> "not run: " + notRun.text());
  }

  private List<String> trace() {
    return outcome.notes(Note.Attribute.class).map(a -> a.what() + ": " + a.value()).toList();
  }

  private AnsiColor ink() {
    if (outcome.succeeded()) {
      return AnsiColor.GREEN;
    }
    return failed() ? AnsiColor.RED : AnsiColor.YELLOW;
  }

  private static String phases(Timings timings) {
    return String.join(
        ", ",
        timings.phases().entrySet().stream()
            .map(phase -> label(phase.getKey()) + " " + millis(phase.getValue()))
            .toList());
  }

  private static String label(Phase phase) {
    return phase.label();
  }

  private static String millis(Duration length) {
    return String.format(Locale.ROOT, "%.1f ms", length.toNanos() / 1e6);
  }
}
