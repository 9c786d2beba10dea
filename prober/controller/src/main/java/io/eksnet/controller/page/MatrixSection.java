package io.eksnet.controller.page;

import io.eksnet.web.Html;
import java.util.List;

/** Which paths work from where: zones in one line each, and the nodes to look at. */
final class MatrixSection {
  private MatrixSection() {}

  static void write(Html html, ClusterView view) {
    var matrix = Matrix.of(view);
    if (matrix.zones().isEmpty()) {
      html.element("p", "Unknown: no agent was heard of lately.");
      return;
    }
    html.raw(
        "<p class=\"soft\">✗ failing, ! last run failed, ? nothing fresh, ✓ clear, – not probed."
            + " The numbers: how many probes are so, of how many.</p>\n");
    if (!matrix.nodes().isEmpty()) {
      table(html, "Nodes", "nodes", matrix, matrix.nodes());
    }
    left(html, matrix);
    table(html, "Zones", "zones", matrix, matrix.zones());
  }

  private static void left(Html html, Matrix matrix) {
    var left = matrix.left();
    if (left.others() > 0) {
      html.element("p", "And " + left.others() + " more nodes that are not clear.");
    }
    if (left.clear() > 0) {
      html.element(
          "p",
          matrix.nodes().isEmpty()
              ? "All " + PageText.count(left.clear(), "node") + " clear."
              : "The other " + PageText.count(left.clear(), "node") + " clear.");
    }
  }

  private static void table(
      Html html, String caption, String id, Matrix matrix, List<Matrix.Row> rows) {
    html.raw("<div class=\"wide\" role=\"region\" tabindex=\"0\" id=\"matrix-" + id)
        .raw("\" aria-label=\"Table of " + id + "\"><table class=\"matrix\"><caption>" + caption)
        .raw("</caption>\n<thead><tr><th scope=\"col\">")
        .raw(caption.substring(0, caption.length() - 1) + "</th>");
    matrix.paths().forEach(path -> html.element("th scope=\"col\"", path.name()));
    html.raw("</tr></thead>\n<tbody>\n");
    rows.forEach(row -> row(html, id, matrix, row));
    html.raw("</tbody></table></div>\n");
  }

  private static void row(Html html, String kind, Matrix matrix, Matrix.Row row) {
    var name = row.name().isEmpty() ? "zone unknown" : row.name();
    html.raw("<tr id=\"" + Html.id(kind, row.name() + " " + row.zone()) + "\">")
        .raw("<th scope=\"row\" title=\"")
        .text(name)
        .raw("\">")
        .text(matrix.brief(name))
        .raw("<span class=\"soft\"> ")
        .text(beside(kind, row))
        .raw("</span></th>");
    matrix.paths().forEach(path -> cell(html, row, path));
    html.raw("</tr>\n");
  }

  private static String beside(String kind, Matrix.Row row) {
    if (kind.equals("zones")) {
      return PageText.count(row.nodes(), "node");
    }
    return row.cells().isEmpty() ? "silent" : row.zone();
  }

  private static void cell(Html html, Matrix.Row row, Path path) {
    var tally = row.at(path);
    var standing = row.cells().isEmpty() ? HealthState.UNKNOWN : tally.standing();
    html.raw("<td class=\"" + standing.style() + "\">").sign(standing);
    if (tally.total() > 1) {
      html.text(tally.counted());
    }
    if (tally.counted() < tally.total()) {
      html.raw("/").text(tally.total());
    }
    html.raw("</td>");
  }
}
