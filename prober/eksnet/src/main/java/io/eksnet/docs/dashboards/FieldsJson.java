package io.eksnet.docs.dashboards;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What Grafana calls the field config: units, colours and words of values. */
final class FieldsJson {
  private FieldsJson() {}

  static JsonObject of(Panel panel) {
    var defaults =
        new JsonObject()
            .put("unit", panel.unit().id())
            .put("noValue", panel.none())
            .put("color", JsonObject.of("mode", color(panel.look())))
            .put("thresholds", panel.steps().json())
            .put("mappings", Said.json(panel.said()))
            .put("custom", custom(panel));
    if (panel.look() == Look.LINES || panel.look() == Look.STACK) {
      defaults.put("min", 0);
    }
    return JsonObject.of("defaults", defaults, "overrides", overrides(panel));
  }

  private static String color(Look look) {
    return look == Look.LINES || look == Look.STACK ? "palette-classic" : "thresholds";
  }

  private static JsonObject custom(Panel panel) {
    return switch (panel.look()) {
      case LINES -> course(panel, 0, "none");
      case STACK -> course(panel, 30, "normal");
      case STATES -> JsonObject.of("fillOpacity", 80, "lineWidth", 0);
      case MATRIX -> cell(true);
      case TABLE -> cell(false);
      case STAT, HEAT -> new JsonObject();
    };
  }

  /** A gap is a gap: lines do not span what nobody knows. */
  private static JsonObject course(Panel panel, int fill, String stacking) {
    var drawn = panel.steps().steps().isEmpty() ? "off" : "dashed";
    return new JsonObject()
        .put("drawStyle", "line")
        .put("lineInterpolation", "linear")
        .put("lineWidth", 1)
        .put("fillOpacity", fill)
        .put("showPoints", "auto")
        .put("spanNulls", false)
        .put("stacking", JsonObject.of("mode", stacking, "group", "A"))
        .put("thresholdsStyle", JsonObject.of("mode", drawn));
  }

  private static JsonObject cell(boolean colored) {
    return JsonObject.of("align", "auto", "filterable", false, "cellOptions", cellType(colored));
  }

  private static JsonObject cellType(boolean colored) {
    return colored
        ? JsonObject.of("type", "color-background", "mode", "basic")
        : JsonObject.of("type", "auto");
  }

  private static JsonArray overrides(Panel panel) {
    var all = new JsonArray();
    if (panel.look() == Look.MATRIX) {
      var corner = TableJson.corner(panel);
      return all.add(
          override("byName", corner)
              .put("properties", JsonArray.of(property("custom.cellOptions", cellType(false)))));
    }
    for (var column : panel.columns()) {
      all.add(override("byName", column.title()).put("properties", properties(column)));
    }
    if (panel.look() == Look.LINES && panel.queries().stream().anyMatch(FieldsJson::isForecast)) {
      var dashes = JsonObject.of("fill", "dash", "dash", JsonArray.of(8, 8));
      all.add(
          override("byRegexp", "/ forecast$/")
              .put("properties", JsonArray.of(property("custom.lineStyle", dashes))));
    }
    return all;
  }

  private static boolean isForecast(Query query) {
    return query.legend().endsWith(" forecast");
  }

  private static JsonArray properties(Column column) {
    var properties = JsonArray.of(property("unit", column.unit().id()));
    if (!column.steps().steps().isEmpty()) {
      properties
          .add(property("thresholds", column.steps().json()))
          .add(property("custom.cellOptions", cellType(true)));
    }
    if (!column.said().isEmpty()) {
      properties.add(property("mappings", Said.json(column.said())));
    }
    if (!column.links().isEmpty()) {
      properties.add(property("links", PanelJson.links(column.links())));
    }
    return properties;
  }

  private static JsonObject override(String by, String what) {
    return JsonObject.of("matcher", JsonObject.of("id", by, "options", what));
  }

  private static JsonObject property(String id, Object value) {
    return JsonObject.of("id", id, "value", value);
  }
}
