package io.eksnet.docs.dashboards;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A panel as Grafana reads it. */
final class PanelJson {
  /** Longer than the pause between runs of most suites, so that each window holds some. */
  private static final String STEP = "1m";

  private PanelJson() {}

  static JsonObject of(Panel panel, int id, int x, int y) {
    var json =
        new JsonObject()
            .put("type", panel.look().type())
            .put("id", id)
            .put("title", panel.title())
            .put("description", panel.description())
            .put("datasource", Datasource.json())
            .put(
                "gridPos",
                JsonObject.of(
                    "x", x, "y", y, "w", panel.size().width(), "h", panel.size().height()))
            .put("interval", STEP)
            .put("targets", targets(panel))
            .put("fieldConfig", FieldsJson.of(panel))
            .put("options", options(panel))
            .put("transformations", TableJson.transformations(panel));
    if (!panel.links().isEmpty()) {
      json.put("links", links(panel.links()));
    }
    return json;
  }

  static JsonArray links(List<Link> links) {
    var all = new JsonArray();
    links.forEach(link -> all.add(link.json()));
    return all;
  }

  /** Queries are called A, B and so on. */
  static String letter(int query) {
    return String.valueOf((char) ('A' + query));
  }

  private static JsonArray targets(Panel panel) {
    var targets = new JsonArray();
    for (int i = 0; i < panel.queries().size(); i++) {
      var query = panel.queries().get(i);
      targets.add(
          new JsonObject()
              .put("datasource", Datasource.json())
              .put("editorMode", "code")
              .put("expr", query.expr())
              .put("format", format(panel.look()))
              .put("instant", panel.look().ofNow())
              .put("range", !panel.look().ofNow())
              .put("legendFormat", query.legend().isEmpty() ? "__auto" : query.legend())
              .put("refId", letter(i)));
    }
    return targets;
  }

  private static String format(Look look) {
    return look.isTable() ? "table" : look == Look.HEAT ? "heatmap" : "time_series";
  }

  private static JsonObject options(Panel panel) {
    return switch (panel.look()) {
      case STAT ->
          new JsonObject()
              .put(
                  "reduceOptions",
                  JsonObject.of(
                      "calcs", JsonArray.of("lastNotNull"), "fields", "", "values", false))
              .put("colorMode", "background")
              .put("graphMode", "none")
              .put("justifyMode", "auto")
              .put("orientation", "auto")
              .put("textMode", named(panel) ? "value_and_name" : "auto")
              .put("wideLayout", true);
      case LINES, STACK ->
          JsonObject.of(
              "legend",
              legend("table").put("calcs", JsonArray.of("lastNotNull", "max")),
              "tooltip",
              JsonObject.of("mode", "multi", "sort", "desc"));
      case STATES ->
          new JsonObject()
              .put("alignValue", "left")
              .put("mergeValues", true)
              .put("rowHeight", 0.9)
              .put("showValue", "never")
              .put("legend", legend("list"))
              .put("tooltip", JsonObject.of("mode", "single", "sort", "none"));
      case HEAT ->
          new JsonObject()
              .put("calculate", false)
              .put("cellGap", 1)
              .put(
                  "color",
                  JsonObject.of(
                      "mode",
                      "scheme",
                      "scheme",
                      "Oranges",
                      "scale",
                      "exponential",
                      "exponent",
                      0.5,
                      "steps",
                      64,
                      "reverse",
                      false))
              .put("filterValues", JsonObject.of("le", 1e-9))
              .put("legend", JsonObject.of("show", true))
              .put("rowsFrame", JsonObject.of("layout", "auto"))
              .put("showValue", "never")
              .put("tooltip", JsonObject.of("mode", "single", "yHistogram", false))
              .put(
                  "yAxis",
                  JsonObject.of(
                      "unit", panel.unit().id(), "axisPlacement", "left", "reverse", false));
      case TABLE, MATRIX ->
          JsonObject.of("showHeader", true, "cellHeight", "sm", "sortBy", new JsonArray());
    };
  }

  private static boolean named(Panel panel) {
    return panel.queries().size() > 1
        || panel.queries().stream().anyMatch(query -> query.legend().contains("{{"));
  }

  private static JsonObject legend(String mode) {
    return JsonObject.of("displayMode", mode, "placement", "bottom", "showLegend", true);
  }
}
