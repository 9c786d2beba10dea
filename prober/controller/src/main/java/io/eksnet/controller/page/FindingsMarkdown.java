package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.Finding;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The verdict and the findings of a cluster as Markdown, for a terminal or a chat. */
public final class FindingsMarkdown {
  private FindingsMarkdown() {}

  /** The text; values are quoted, so that none is read as markup. */
  public static String of(ClusterView view) {
    var verdict = ClusterVerdict.of(view);
    var text = new StringBuilder();
    text.append("# ").append(verdict.headline()).append("\n\n");
    text.append(verdict.kicker(view)).append(". ").append(verdict.detail());
    text.append(". As of ").append(PageText.timestamp(view.now())).append(".\n");
    view.causes().forEach(finding -> cause(text, view, finding));
    var consequences =
        view.consequences().stream()
            .map(
                finding ->
                    IncidentMarkdown.code(finding.cause().label())
                        + " at "
                        + IncidentMarkdown.code(finding.scope()))
            .toList();
    IncidentMarkdown.list(text, "Consequences, which end with the cause", consequences, it -> it);
    IncidentMarkdown.list(
        text,
        "Notices",
        view.notices(),
        notice -> notice.cause().meaning() + " at " + IncidentMarkdown.code(notice.scope()));
    return text.toString();
  }

  private static void cause(StringBuilder text, ClusterView view, Finding finding) {
    IncidentMarkdown.heading(text, finding);
    var since = view.since(finding).map(PageText::timestamp).orElse("unknown");
    text.append("\n- Since ").append(since);
    text.append("\n- Confidence: ")
        .append(finding.confidence().label())
        .append(" (%d %%)".formatted(finding.confidence().percent()))
        .append('\n');
    IncidentMarkdown.list(text, "Evidence", finding.evidence(), IncidentMarkdown::code);
    IncidentMarkdown.list(text, "Excluded", finding.excluded(), IncidentMarkdown::code);
    text.append("\n### Fix\n\n")
        .append(
            finding.fix().stream()
                .map(FixStep::of)
                .map(FindingsMarkdown::step)
                .collect(Collectors.joining("\n")))
        .append('\n');
  }

  private static String step(FixStep step) {
    var command =
        step.command()
            .map(it -> IncidentMarkdown.code(it.line()) + " (" + it.effect() + ")")
            .orElse("");
    return "1. "
        + Stream.of(quoted(step.text()), command, quoted(step.note()))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(" "));
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "" : IncidentMarkdown.code(text);
  }
}
