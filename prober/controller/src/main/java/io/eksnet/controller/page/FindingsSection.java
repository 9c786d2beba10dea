package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.web.Html;
import java.util.List;

/** What is wrong, why, and what to do: causes first, then what only follows from them. */
final class FindingsSection {
  private static final int MOST = 50;

  private FindingsSection() {}

  static void write(Html html, ClusterView view) {
    var causes = view.causes();
    if (causes.isEmpty()) {
      html.element("p", view.following().isPresent() ? "Not known here." : "No cause is known.");
      return;
    }
    causes.stream().limit(MOST).forEach(finding -> write(html, finding));
    if (causes.size() > MOST) {
      html.element("p", "And " + PageText.count(causes.size() - MOST, "more cause") + ".");
    }
    follow(html, view.consequences());
  }

  private static void follow(Html html, List<Finding> consequences) {
    if (consequences.isEmpty()) {
      return;
    }
    html.raw("<details id=\"consequences\"><summary>")
        .text(PageText.count(consequences.size(), "consequence"))
        .raw(" of the above</summary>\n");
    consequences.stream().limit(MOST).forEach(finding -> write(html, finding));
    html.raw("</details>\n");
  }

  private static void write(Html html, Finding finding) {
    var cause = finding.cause();
    var id = Html.id("f", cause.label() + " " + finding.scope());
    html.raw("<article class=\"finding\" id=\"" + id + "\" aria-labelledby=\"" + id + "-h\">\n")
        .element("h3 id=\"" + id + "-h\"", PageText.capital(cause.meaning()))
        .raw("<dl class=\"facts\"><div><dt>Cause</dt><dd><code>")
        .text(cause.label())
        .raw("</code></dd></div><div><dt>Scope</dt><dd>")
        .text(finding.scope())
        .raw("</dd></div><div><dt>Layer</dt><dd>")
        .text(cause.layer().label())
        .raw("</dd></div><div><dt>Confidence</dt><dd>")
        .text(finding.confidence().label() + ", " + finding.confidence().percent() + " %")
        .raw("</dd></div></dl>\n<div class=\"columns\">");
    list(html, "Seen", "ul", finding.evidence());
    list(html, "Excluded", "ul", finding.excluded());
    list(html, "Fix", "ol", finding.fix());
    list(
        html,
        "Explains",
        "ul",
        finding.explains().stream().sorted().map(FindingsSection::named).toList());
    html.raw("</div></article>\n");
  }

  private static String named(RootCause cause) {
    return cause.label() + ": " + cause.meaning();
  }

  private static void list(Html html, String title, String kind, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    html.raw("<div><h4>" + title + "</h4><" + kind + ">");
    lines.forEach(line -> html.element("li", line));
    html.raw("</" + kind + "></div>");
  }
}
