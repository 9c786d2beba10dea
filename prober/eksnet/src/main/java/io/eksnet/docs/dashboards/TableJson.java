package io.eksnet.docs.dashboards;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** How Grafana makes one table of the answers to the queries of a panel. */
final class TableJson {
  private TableJson() {}

  static JsonArray transformations(Panel panel) {
    return switch (panel.look()) {
      case MATRIX -> JsonArray.of(matrix(panel));
      case TABLE -> JsonArray.of(transformation("merge", new JsonObject()), organized(panel));
      case STAT, LINES, STACK, STATES, HEAT -> new JsonArray();
    };
  }

  /** The name that Grafana gives the field at the upper left of a matrix. */
  static String corner(Panel panel) {
    return panel.columns().get(0).field() + "\\" + panel.columns().get(1).field();
  }

  /** What is not known stays empty: it is no 0. */
  private static JsonObject matrix(Panel panel) {
    return transformation(
        "groupingToMatrix",
        new JsonObject()
            .put("rowField", panel.columns().get(0).field())
            .put("columnField", panel.columns().get(1).field())
            .put("valueField", "Value")
            .put("emptyValue", "null"));
  }

  private static JsonObject organized(Panel panel) {
    var order = new JsonObject();
    var names = new JsonObject();
    var columns = panel.columns();
    for (int i = 0; i < columns.size(); i++) {
      var field = field(columns.get(i), panel.queries());
      order.put(field, i);
      names.put(field, columns.get(i).title());
    }
    return transformation(
        "organize",
        JsonObject.of("excludeByName", hidden(panel), "indexByName", order, "renameByName", names));
  }

  /** The time, which is now, and values that have no column: of flags that filter. */
  private static JsonObject hidden(Panel panel) {
    var hidden = JsonObject.of("Time", true);
    for (int i = 0; i < panel.queries().size(); i++) {
      var value = PanelJson.letter(i);
      if (panel.columns().stream().noneMatch(column -> column.field().equals(value))) {
        hidden.put(valueField(value, panel.queries()), true);
      }
    }
    return hidden;
  }

  private static String field(Column column, List<Query> queries) {
    return column.isValue() ? valueField(column.field(), queries) : column.field();
  }

  /** Grafana numbers the values of several queries, and not that of a single one. */
  private static String valueField(String letter, List<Query> queries) {
    return queries.size() == 1 ? "Value" : "Value #" + letter;
  }

  private static JsonObject transformation(String id, JsonObject options) {
    return JsonObject.of("id", id, "options", options);
  }
}
