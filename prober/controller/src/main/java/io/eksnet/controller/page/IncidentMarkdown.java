package io.eksnet.controller.page;

import io.eksnet.incident.Change;
import io.eksnet.incident.Incident;
import io.eksnet.model.diagnosis.Finding;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An incident as Markdown, for a ticket or a postmortem. */
public final class IncidentMarkdown {
  private IncidentMarkdown() {}

  /** The text; values are quoted, so that none is read as markup. */
  public static String of(Incident incident) {
    var text = new StringBuilder();
    text.append("# Incident ").append(incident.id()).append("\n\n");
    text.append("- Opened: ").append(time(incident.opened())).append('\n');
    text.append("- Closed: ")
        .append(incident.closed().map(IncidentMarkdown::time).orElse("still open"))
        .append('\n');
    text.append("- Root causes: ")
        .append(
            incident.causes().stream()
                .map(cause -> code(cause.label()))
                .collect(Collectors.joining(", ")))
        .append('\n');
    list(text, "Changes before it", incident.changes(), IncidentMarkdown::change);
    for (var part : incident.parts()) {
      finding(text, part);
    }
    list(text, "Affected objects", List.copyOf(incident.objects()), IncidentMarkdown::code);
    list(text, "Agents whose probes failed", incident.agents(), IncidentMarkdown::code);
    return text.toString();
  }

  private static void finding(StringBuilder text, Incident.Part part) {
    var finding = part.finding();
    heading(text, finding);
    text.append("\n- From ")
        .append(time(part.began()))
        .append(part.ended().map(ended -> " to " + time(ended)).orElse(", still open"))
        .append("\n- Confidence: ")
        .append(
            part.confidence().stream()
                .map(
                    sample ->
                        "%d %% from %s".formatted(sample.percent(), PageText.clock(sample.at())))
                .collect(Collectors.joining(", ")))
        .append('\n');
    list(text, "Evidence at its start", part.firstEvidence(), IncidentMarkdown::code);
    if (!part.firstEvidence().equals(finding.evidence())) {
      list(text, "Last evidence", finding.evidence(), IncidentMarkdown::code);
    }
    list(text, "Excluded", finding.excluded(), IncidentMarkdown::code);
    list(text, "Fix", finding.fix(), IncidentMarkdown::code);
  }

  /** A finding with its cause in words. */
  static void heading(StringBuilder text, Finding finding) {
    text.append("\n## ")
        .append(code(finding.cause().label()))
        .append(" at ")
        .append(code(finding.scope()))
        .append("\n\n")
        .append(PageText.capital(finding.cause().meaning()))
        .append(".\n");
  }

  static <T> void list(StringBuilder text, String title, List<T> lines, Function<T, String> line) {
    if (!lines.isEmpty()) {
      text.append("\n### ").append(title).append("\n\n");
      lines.forEach(one -> text.append("- ").append(line.apply(one)).append('\n'));
    }
  }

  private static String change(Change change) {
    return time(change.at()) + " " + code(change.text());
  }

  private static String time(Instant at) {
    return PageText.timestamp(at);
  }

  /** A code span (CommonMark 6.1), with a longer fence than any in the text. */
  static String code(String text) {
    var line = text.replaceAll("\\p{Cntrl}+", " ");
    var fence = "`";
    while (line.contains(fence)) {
      fence += "`";
    }
    var blank = line.startsWith("`") || line.endsWith("`") ? " " : "";
    return fence + blank + line + blank + fence;
  }
}
