package io.eksnet.controller.page;

import io.eksnet.web.Html;

/** The first thing on the page: whether anything is wrong. */
final class VerdictSection {
  private VerdictSection() {}

  static void write(Html html, ClusterView view) {
    var verdict = ClusterVerdict.of(view);
    html.raw(
            "<p class=\"verdict "
                + verdict.standing().style()
                + "\"><span class=\"sign\" aria-hidden=\"true\">")
        .raw(verdict.standing().sign() + "</span> <span aria-live=\"polite\">")
        .text(verdict.headline())
        .raw("</span><span class=\"detail\">, ")
        .text(verdict.detail())
        .raw("</span></p>\n");
  }
}
