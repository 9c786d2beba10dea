package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.web.Html;

/** Each layer with its state, and what is not known. */
final class LayersSection {
  private LayersSection() {}

  static void write(Html html, ClusterView view) {
    html.raw("<ul class=\"layers\">\n");
    for (var layer : Layer.values()) {
      var state = LayerState.of(layer, view);
      html.raw("<li id=\"layer-" + layer.label() + "\">")
          .sign(state.standing())
          .element("b", layer.label())
          .raw(" <span class=\"soft\">")
          .text(state.text())
          .raw("</span></li>\n");
    }
    html.raw("</ul>\n");
    lacking(html, view);
  }

  private static void lacking(Html html, ClusterView view) {
    var lacking = view.lacking();
    if (lacking.isEmpty()) {
      return;
    }
    html.raw("<details id=\"lacking\"><summary>Not known: ")
        .text(PageText.count(lacking.size(), "part"))
        .raw(" of the cluster</summary><ul>\n");
    for (var part : lacking) {
      var lack = view.known().known(part).lack().orElse(Unavailable.NOT_YET);
      html.raw("<li><code>")
          .text(part.name())
          .raw("</code>, ")
          .text(part.meaning() + " (" + part.service() + "): " + lack.detail())
          .raw("</li>\n");
    }
    html.raw("</ul></details>\n");
  }
}
