package io.eksnet.cli;

import io.eksnet.controller.web.FindingsJson;
import io.eksnet.diagnosis.Findings;
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
 * The result of {@code doctor}, as text or JSON.
 *
 * @param at the time of the diagnosis
 * @param sorted the findings, in the order of the decision table
 * @param skipped what could not be checked
 * @param hasInventory whether Kubernetes or AWS returned anything
 */
record DoctorReport(
    Instant at,
    List<Check> checks,
    Findings sorted,
    List<SkippedCheck> skipped,
    boolean hasInventory) {
  DoctorReport {
    checks =
        checks.stream()
            .sorted(
                Comparator.comparingInt((Check check) -> check.rank())
                    .thenComparing(Check::probe)
                    .thenComparing(Check::target))
            .toList();
    skipped = List.copyOf(skipped);
  }

  private List<Finding> findings() {
    return sorted.active();
  }

  /** Whether a check failed or a cause was found; findings about eksnet itself do not count. */
  boolean broken() {
    return checks.stream().anyMatch(Check::failed)
        || findings().stream().anyMatch(finding -> finding.cause().layer() != Layer.PROBER);
  }

  JsonObject json() {
    return new JsonObject()
        .put("at", at.toString())
        .put("broken", broken())
        .put("verdict", verdict())
        .put("checks", new JsonArray(checks.stream().map(Check::json).toList()))
        .put(
            "findings",
            new JsonArray(findings().stream().map(item -> FindingsJson.write(item, at)).toList()))
        .put(
            "notices",
            new JsonArray(
                sorted.notices().stream().map(item -> FindingsJson.write(item, at)).toList()))
        .put(
            "ignored",
            new JsonArray(
                sorted.ignored().stream()
                    .map(item -> FindingsJson.write(item.finding(), at, item.reason()))
                    .toList()))
        .put("not_seen", new JsonArray(skipped.stream().map(SkippedCheck::json).toList()));
  }

  /** Everything but the checks: causes, their consequences, skipped checks, the verdict. */
  String text(boolean colored) {
    var text = new StringBuilder();
    Causality.causes(findings()).forEach(finding -> append(finding, colored, text));
    var follow = Causality.consequences(findings());
    if (!follow.isEmpty()) {
      line(text, "");
      line(text, "Consequences: " + names(follow));
    }
    sorted
        .notices()
        .forEach(
            notice -> {
              line(text, "");
              line(text, "Notice: %s (%s)".formatted(notice.cause().meaning(), notice.scope()));
              notice.evidence().forEach(item -> line(text, "  seen      " + clean(item)));
            });
    if (!sorted.ignored().isEmpty()) {
      line(text, "");
      line(text, "Ignored by the config:");
      sorted
          .ignored()
          .forEach(
              one ->
                  line(
                      text,
                      "  %s (%s): %s"
                          .formatted(
                              one.finding().cause().label(),
                              clean(one.finding().scope()),
                              clean(one.reason()))));
    }
    if (!skipped.isEmpty()) {
      line(text, "");
      line(text, "Not checked:");
      skipped.forEach(
          item ->
              line(
                  text,
                  AnsiColor.YELLOW.paint(colored, "  " + item.what() + " (" + item.why() + ")")));
    }
    line(text, "");
    line(text, (broken() ? AnsiColor.RED : AnsiColor.PLAIN).paint(colored, verdict()));
    return text.toString();
  }

  /** One sentence. What was not checked is not called healthy. */
  String verdict() {
    var causes = Causality.causes(findings()).size();
    var failed = checks.stream().filter(Check::failed).count();
    var notRun = checks.stream().filter(c -> c.outcome().worst() instanceof NotRun).count();
    var notResponding = checks.stream().filter(Check::notResponding).count();
    if (checks.isEmpty() && !hasInventory && causes == 0) {
      return "Nothing was checked, and neither Kubernetes nor AWS returned anything.";
    }
    var ran = failed + " of " + counted(checks.size(), "check") + " failed";
    var unknown = notRun == 0 ? "" : ", " + notRun + " could not run";
    if (causes > 0) {
      return counted(causes, "cause") + " found; " + ran + unknown + ".";
    }
    if (failed > 0 || notRun > 0) {
      return ran + unknown + "; no cause found.";
    }
    if (notResponding > 0) {
      return "No fault found in what was checked; node components that do not respond, or are not"
          + " installed: "
          + notResponding
          + ".";
    }
    return skipped.isEmpty()
        ? "All clear: " + counted(checks.size(), "check") + " passed."
        : "No fault found in what was checked: " + counted(checks.size(), "check") + " passed.";
  }

  private static void append(Finding finding, boolean colored, StringBuilder text) {
    var cause = finding.cause();
    line(text, "");
    line(
        text,
        AnsiColor.RED.paint(
            colored,
            "%s: %s (%s, layer %s, confidence %s)"
                .formatted(
                    cause.label(),
                    cause.meaning(),
                    finding.scope(),
                    cause.layer().label(),
                    finding.confidence().label())));
    finding.evidence().forEach(item -> line(text, "  seen      " + clean(item)));
    finding.excluded().forEach(item -> line(text, "  excluded  " + clean(item)));
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
