package io.eksnet.controller.page;

import io.eksnet.web.Html;

/** What failed of late, newest first, each run with all that is known of it. */
final class FailuresSection {
  private static final int MOST = 50;

  private FailuresSection() {}

  static void write(Html html, ClusterView view) {
    if (view.failures().isEmpty()) {
      html.element("p", view.agents().isEmpty() ? "None was reported." : "No run failed of late.");
      return;
    }
    html.raw("<ul class=\"failures\">\n");
    view.failures().stream().limit(MOST).forEach(failure -> write(html, failure));
    html.raw("</ul>\n");
  }

  private static void write(Html html, FailedRun run) {
    var id =
        Html.id("run", run.node() + " " + run.probe() + " " + run.target() + " " + run.outcome());
    html.raw("<li id=\"" + id + "\"><details id=\"" + id + "-d\"><summary>").time(run.at());
    html.raw(" <b class=\"bad\">")
        .text(run.outcome())
        .raw("</b> ")
        .text(run.target())
        .raw(" <span class=\"soft\">")
        .text(run.probe() + " from " + run.node())
        .raw("</span>");
    if (run.times() > 1) {
      html.raw(" <span class=\"soft\">" + run.times() + " times since ")
          .time(run.first())
          .raw("</span>");
    }
    html.raw("</summary>");
    if (run.trace().isEmpty()) {
      html.raw("<p>").text(said(run)).raw("</p>");
    } else {
      html.raw("<pre tabindex=\"0\">").text(run.trace()).raw("</pre>");
    }
    html.raw("</details></li>\n");
  }

  private static String said(FailedRun run) {
    var phase = run.phase().isEmpty() ? "" : run.phase() + ": ";
    return phase
        + (run.detail().isEmpty() ? "nothing more was reported" : run.detail())
        + ". Its agent tells the whole of the next one at /probe?target=…";
  }
}
