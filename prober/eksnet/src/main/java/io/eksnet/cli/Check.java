package io.eksnet.cli;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Failure;
import io.eksnet.model.Outcome.Success;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import io.eksnet.web.TaskLabels;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One run of a probe as the doctor tells it. */
record Check(String layer, String probe, String target, Outcome outcome, Duration took) {
  private static final List<String> LAYERS = List.of("dns", "l4", "l7", "credentials", "cluster");

  /** Layers of parts of the node, which may not be installed. */
  private static final Set<String> OPTIONAL = Set.of("credentials", "cluster");

  static Check of(Observation observation) {
    var task = observation.task();
    var layer = layer(task);
    var outcome = observation.outcome();
    if (task.subject() instanceof SeriesKey.DnsPath path) {
      var question = path.queryClass() + " " + path.qtype() + " " + path.proto();
      return new Check(
          layer, path.path(), task.target().host() + " " + question, outcome, observation.took());
    }
    return new Check(
        layer, TaskLabels.probe(task), TaskLabels.target(task), outcome, observation.took());
  }

  /** From DNS up. */
  static int rank(Task task) {
    return LAYERS.indexOf(layer(task));
  }

  int rank() {
    return LAYERS.indexOf(layer);
  }

  private static String layer(Task task) {
    if (task.subject() instanceof SeriesKey.HostPart part) {
      return part.suite().equals("identity") ? "credentials" : "cluster";
    }
    return switch (task.kind()) {
      case "dns" -> "dns";
      case "tcp" -> "l4";
      default -> "l7";
    };
  }

  boolean failed() {
    return outcome.worst() instanceof Failure && !OPTIONAL.contains(layer);
  }

  /** A part of the node does not answer, or is not installed. */
  boolean silent() {
    return outcome.worst() instanceof Failure && OPTIONAL.contains(layer);
  }

  /** For a person, in columns. */
  String line(boolean colour) {
    var columns =
        String.format(
            Locale.ROOT,
            "%-11s  %-13s  %10s  %s  %s  (%s)",
            layer,
            outcome.succeeded() ? "ok" : outcome.label(),
            millis(took),
            probe,
            target,
            detail());
    return ink().paint(colour, columns);
  }

  JsonObject json() {
    return new JsonObject()
        .put("layer", layer)
        .put("probe", probe)
        .put("target", target)
        .put("outcome", outcome.label())
        .put("duration_seconds", took.toNanos() / 1e9)
        .put("phase", outcome.fold(s -> null, f -> f.phase().label(), n -> null))
        .put("detail", outcome.fold(s -> "", Failure::detail, n -> n.reason().label()))
        .put("trace", new JsonArray(trace()));
  }

  private String detail() {
    return outcome.fold(
        success -> phases(success.timings()),
        failure -> failure.phase().label() + ": " + failure.detail(),
        notRun -> "the prober could not run it: " + notRun.reason().label());
  }

  private List<String> trace() {
    return outcome.notes().stream()
        .filter(Note.Saw.class::isInstance)
        .map(Note.Saw.class::cast)
        .map(saw -> saw.what() + ": " + saw.value())
        .toList();
  }

  private AnsiColor ink() {
    var worst = outcome.worst();
    if (worst instanceof Success) {
      return AnsiColor.GOOD;
    }
    return failed() ? AnsiColor.BAD : AnsiColor.UNKNOWN;
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
