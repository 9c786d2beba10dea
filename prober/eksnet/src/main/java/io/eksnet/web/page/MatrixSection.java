package io.eksnet.web.page;

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
        "<p class=\"soft\">✗ failing, ! last run failed, ? nothing fresh, ✓ clear, – not probed;"
            + " with how many are so, of how many probes.</p>\n");
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
              ? "All " + Words.count(left.clear(), "node") + " clear."
              : "The other " + Words.count(left.clear(), "node") + " clear.");
    }
  }

  private static void table(
      Html html, String caption, String id, Matrix matrix, List<Matrix.Row> rows) {
    html.raw(
            "<div class=\"wide\" role=\"region\" tabindex=\"0\" id=\"matrix-"
                + id
                + "\" aria-label=\""
                + caption
                + " and paths\"><table class=\"matrix\"><caption>"
                + caption
                + "</caption>\n<thead><tr><th scope=\"col\">"
                + caption.substring(0, caption.length() - 1)
                + "</th>")
        .raw("");
    matrix.paths().forEach(path -> html.element("th scope=\"col\"", path.name()));
    html.raw("</tr></thead>\n<tbody>\n");
    rows.forEach(row -> row(html, id, matrix, row));
    html.raw("</tbody></table></div>\n");
  }

  private static void row(Html html, String kind, Matrix matrix, Matrix.Row row) {
    html.raw("<tr id=\"" + Html.id(kind, row.name() + " " + row.zone()) + "\"><th scope=\"row\">")
        .text(row.name().isEmpty() ? "zone unknown" : row.name())
        .raw("<span class=\"soft\">");
    if (kind.equals("zones")) {
      html.text(" " + Words.count(row.nodes(), "node"));
    } else {
      html.text(row.cells().isEmpty() ? " silent" : " " + row.zone());
    }
    html.raw("</span></th>");
    matrix.paths().forEach(path -> cell(html, row, path));
    html.raw("</tr>\n");
  }

  private static void cell(Html html, Matrix.Row row, Path path) {
    var tally = row.at(path);
    var standing = row.cells().isEmpty() ? Standing.UNKNOWN : tally.standing();
    html.raw("<td class=\"" + standing.style() + "\">").sign(standing);
    if (tally.total() > 0) {
      html.text(tally.counted());
      if (tally.counted() < tally.total()) {
        html.raw("/").text(tally.total());
      }
    }
    html.raw("</td>");
  }
}
