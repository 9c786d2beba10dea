package io.eksnet.cli;

import io.eksnet.controller.web.FindingsJson;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Layer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code doctor} came to, for a person or as JSON.
 *
 * @param at the moment of the diagnosis
 * @param findings in the order of the decision table
 * @param unseen of which nothing can be said
 * @param knows whether Kubernetes or AWS said anything
 */
record DoctorReport(
    Instant at,
    List<Check> checks,
    List<Finding> findings,
    List<SkippedCheck> unseen,
    boolean knows) {
  DoctorReport {
    checks =
        checks.stream()
            .sorted(
                Comparator.comparingInt((Check check) -> check.rank())
                    .thenComparing(Check::probe)
                    .thenComparing(Check::target))
            .toList();
    findings = List.copyOf(findings);
    unseen = List.copyOf(unseen);
  }

  /** Whether a check failed or a cause was found; that eksnet itself sees too little is neither. */
  boolean broken() {
    return checks.stream().anyMatch(Check::failed)
        || findings.stream().anyMatch(finding -> finding.cause().layer() != Layer.PROBER);
  }

  JsonObject json() {
    return new JsonObject()
        .put("at", at.toString())
        .put("broken", broken())
        .put("verdict", verdict())
        .put("checks", new JsonArray(checks.stream().map(Check::json).toList()))
        .put(
            "findings",
            new JsonArray(findings.stream().map(one -> FindingsJson.write(one, at)).toList()))
        .put("not_seen", new JsonArray(unseen.stream().map(SkippedCheck::json).toList()));
  }

  /** All but the checks: causes first, what follows from them, what was not seen, the verdict. */
  String text(boolean colour) {
    var text = new StringBuilder();
    Causality.causes(findings).forEach(finding -> tell(finding, colour, text));
    var follow = Causality.consequences(findings);
    if (!follow.isEmpty()) {
      line(text, "");
      line(text, "Follows from the above: " + names(follow));
    }
    if (!unseen.isEmpty()) {
      line(text, "");
      line(text, "Not seen from here:");
      unseen.forEach(
          one ->
              line(
                  text,
                  AnsiColor.UNKNOWN.paint(colour, "  " + one.what() + " (" + one.why() + ")")));
    }
    line(text, "");
    line(text, (broken() ? AnsiColor.BAD : AnsiColor.PLAIN).paint(colour, verdict()));
    return text.toString();
  }

  /** One sentence. What was not seen is not healthy. */
  String verdict() {
    var causes = Causality.causes(findings).size();
    var failed = checks.stream().filter(Check::failed).count();
    var notRun = checks.stream().filter(c -> c.outcome().worst() instanceof NotRun).count();
    var silent = checks.stream().filter(Check::silent).count();
    if (checks.isEmpty() && !knows && causes == 0) {
      return "Nothing is known: nothing was checked, and neither Kubernetes nor AWS said anything.";
    }
    var ran = failed + " of " + counted(checks.size(), "check") + " failed";
    var unknown = notRun == 0 ? "" : ", " + notRun + " could not be run";
    if (causes > 0) {
      return counted(causes, "cause") + " found; " + ran + unknown + ".";
    }
    if (failed > 0 || notRun > 0) {
      return ran + unknown + "; no cause found.";
    }
    if (silent > 0) {
      return "Nothing that was seen is broken; parts of the node that do not answer, or are not"
          + " installed: "
          + silent
          + ".";
    }
    return unseen.isEmpty()
        ? "All clear: " + counted(checks.size(), "check") + " passed."
        : "Nothing that was seen is broken: " + counted(checks.size(), "check") + " passed.";
  }

  private static void tell(Finding finding, boolean colour, StringBuilder text) {
    var cause = finding.cause();
    line(text, "");
    line(
        text,
        AnsiColor.BAD.paint(
            colour,
            "%s: %s (%s, layer %s, confidence %s)"
                .formatted(
                    cause.label(),
                    cause.meaning(),
                    finding.scope(),
                    cause.layer().label(),
                    finding.confidence().label())));
    finding.evidence().forEach(one -> line(text, "  seen      " + clean(one)));
    finding.excluded().forEach(one -> line(text, "  excluded  " + clean(one)));
    for (var i = 0; i < finding.fix().size(); i++) {
      line(text, "  fix " + (i + 1) + "     " + clean(finding.fix().get(i)));
    }
  }

  private static String names(List<Finding> findings) {
    return findings.stream()
        .map(finding -> finding.cause().label() + " (" + clean(finding.scope()) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String clean(String text) {
    return AnsiColor.PLAIN.paint(false, text);
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }

  private static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
