package io.eksnet.app;

import io.eksnet.core.Note;
import io.eksnet.core.Observation;
import io.eksnet.core.Outcome;
import io.eksnet.core.Outcome.Failure;
import io.eksnet.core.Outcome.NotRun;
import io.eksnet.core.Outcome.Success;
import io.eksnet.core.Phase;
import io.eksnet.core.Subject;
import io.eksnet.core.Task;
import io.eksnet.core.Timings;
import io.eksnet.web.Names;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What {@code doctor} ran, as a table for a person or as JSON. */
record Checkup(List<Check> checks) {
  private static final List<String> LAYERS = List.of("dns", "l4", "l7", "credentials", "cluster");

  Checkup {
    checks =
        checks.stream()
            .sorted(
                Comparator.comparingInt((Check check) -> LAYERS.indexOf(check.layer()))
                    .thenComparing(Check::probe)
                    .thenComparing(Check::target))
            .toList();
  }

  /** One run. */
  record Check(String layer, String probe, String target, Outcome outcome, Duration took) {
    /** Layers of parts of the node, which may not be installed. */
    private static final Set<String> OPTIONAL = Set.of("credentials", "cluster");

    static Check of(Observation observation) {
      var task = observation.task();
      var layer = layer(task);
      var outcome = observation.outcome();
      if (task.subject() instanceof Subject.DnsPath path) {
        var question = path.queryClass() + " " + path.qtype() + " " + path.proto();
        return new Check(
            layer, path.path(), task.target().host() + " " + question, outcome, observation.took());
      }
      return new Check(layer, Names.probe(task), Names.target(task), outcome, observation.took());
    }

    private static String layer(Task task) {
      if (task.subject() instanceof Subject.HostPart part) {
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

    boolean silent() {
      return outcome.worst() instanceof Failure && OPTIONAL.contains(layer);
    }

    String result() {
      return outcome.succeeded() ? "ok" : outcome.label();
    }

    String detail() {
      return outcome.fold(
          success -> phases(success.timings()),
          failure -> failure.phase().label() + ": " + failure.detail(),
          notRun -> "the prober could not run it: " + notRun.reason().label());
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

    private List<String> trace() {
      return outcome.notes().stream()
          .filter(Note.Saw.class::isInstance)
          .map(Note.Saw.class::cast)
          .map(saw -> saw.what() + ": " + saw.value())
          .toList();
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
  }

  /** Whether something that was run failed. */
  boolean broken() {
    return checks.stream().anyMatch(Check::failed);
  }

  JsonObject json() {
    return new JsonObject()
        .put("broken", broken())
        .put("checks", new JsonArray(checks.stream().map(Check::json).toList()));
  }

  /** A table with a verdict below it. */
  String table(boolean colour) {
    var table = new Table(colour, "LAYER", "PROBE", "TARGET", "RESULT", "TIME", "DETAIL");
    for (var check : checks) {
      table.row(
          style(check.outcome()),
          check.layer(),
          check.probe(),
          check.target(),
          check.result(),
          millis(check.took()),
          check.detail());
    }
    return table + "\n" + verdict() + "\n";
  }

  private String verdict() {
    var failed = checks.stream().filter(Check::failed).count();
    var notRun = checks.stream().filter(c -> c.outcome().worst() instanceof NotRun).count();
    if (checks.isEmpty()) {
      return "Nothing was checked: there are no probes, and no name server to ask.";
    }
    var unknown = notRun == 0 ? "" : ", " + notRun + " could not be run";
    return failed == 0 && notRun == 0
        ? passed(checks.stream().filter(Check::silent).count())
        : failed + " of " + checks.size() + " checks failed" + unknown + ".";
  }

  private String passed(long silent) {
    return silent == 0
        ? "All " + checks.size() + " checks passed."
        : (checks.size() - silent)
            + " checks passed; parts of the node that do not answer, or are not installed: "
            + silent
            + ".";
  }

  private static Table.Style style(Outcome outcome) {
    var worst = outcome.worst();
    if (worst instanceof Success) {
      return Table.Style.GOOD;
    }
    return worst instanceof Failure ? Table.Style.BAD : Table.Style.UNKNOWN;
  }

  private static String millis(Duration length) {
    return String.format(Locale.ROOT, "%.1f ms", length.toNanos() / 1e6);
  }
}
