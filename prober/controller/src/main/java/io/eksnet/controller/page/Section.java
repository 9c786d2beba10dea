package io.eksnet.controller.page;

import io.eksnet.web.Html;
import java.util.List;
import java.util.function.BiConsumer;

/** A part of the page that is drawn, and drawn anew, by itself. */
record Section(String id, String title, BiConsumer<Html, ClusterView> content) {
  static final List<Section> ALL =
      List.of(
          new Section("verdict", "", VerdictSection::write),
          new Section("causes", "Causes", FindingsSection::write),
          new Section("layers", "Layers", LayersSection::write),
          new Section("matrix", "Nodes and paths", MatrixSection::write),
          new Section("subnets", "Subnets", SubnetsSection::write),
          new Section("balancers", "Load balancers", BalancersSection::write),
          new Section("failures", "Recent failures", FailuresSection::write),
          new Section("cost", "What eksnet costs", CostSection::write));

  String html(ClusterView view) {
    var html = new Html(8_192);
    if (title.isEmpty()) {
      html.raw("<section id=\"" + id + "\" aria-label=\"Verdict\">\n");
    } else {
      html.raw("<section id=\"" + id + "\" aria-labelledby=\"" + id + "-h\">\n<h2 id=\"" + id)
          .raw("-h\">" + title + "</h2>\n");
    }
    content.accept(html, view);
    return html.raw("</section>\n").toString();
  }
}
