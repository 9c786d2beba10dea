package io.eksnet.docs.dashboards;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;

/** A dashboard as Grafana imports it. */
final class DashboardJson {
  /** Of Grafana 12; older ones read it too, newer ones migrate it. */
  private static final int SCHEMA = 41;

  private static final int WIDTH = 24;
  private static final String TAG = "eksnet";

  private final JsonArray panels = new JsonArray();
  private int line;

  private DashboardJson() {}

  static String text(Dashboard dashboard) {
    return json(dashboard).encodePrettily().replace("\r\n", "\n") + "\n";
  }

  static JsonObject json(Dashboard dashboard) {
    var layout = new DashboardJson();
    dashboard.rows().forEach(layout::add);
    return new JsonObject()
        .put("uid", dashboard.board().uid())
        .put("title", dashboard.board().title())
        .put("description", dashboard.description())
        .put("tags", JsonArray.of(TAG, "kubernetes", "network"))
        .put("schemaVersion", SCHEMA)
        .put("version", 1)
        .put("editable", false)
        .put("graphTooltip", 1)
        .put("refresh", "1m")
        .put("timezone", "browser")
        .put("time", JsonObject.of("from", dashboard.from(), "to", "now"))
        .put("timepicker", new JsonObject())
        .put("fiscalYearStartMonth", 0)
        .put("weekStart", "")
        .put("links", JsonArray.of(links()))
        .put("templating", JsonObject.of("list", variables(dashboard)))
        .put("annotations", JsonObject.of("list", annotations()))
        .put("panels", layout.panels);
  }

  /** To the other dashboards. */
  private static JsonObject links() {
    return new JsonObject()
        .put("type", "dashboards")
        .put("title", TAG)
        .put("tags", JsonArray.of(TAG))
        .put("asDropdown", false)
        .put("includeVars", true)
        .put("keepTime", true)
        .put("targetBlank", false)
        .put("icon", "external link")
        .put("tooltip", "")
        .put("url", "");
  }

  private static JsonArray variables(Dashboard dashboard) {
    var all = new JsonArray().add(Variable.datasource());
    Stream.concat(
            Stream.of(Variable.CLUSTER, Variable.ZONE, Variable.NODE), dashboard.choices().stream())
        .map(Variable::json)
        .forEach(all::add);
    return all;
  }

  private static JsonArray annotations() {
    var own =
        new JsonObject()
            .put("builtIn", 1)
            .put("datasource", JsonObject.of("type", "grafana", "uid", "-- Grafana --"))
            .put("enable", true)
            .put("hide", true)
            .put("iconColor", "rgba(0, 211, 255, 1)")
            .put("name", "Annotations & Alerts")
            .put("type", "dashboard");
    var findings =
        new JsonObject()
            .put("datasource", Datasource.json())
            .put("enable", true)
            .put("hide", false)
            .put("iconColor", "red")
            .put("name", "Findings")
            .put("expr", Findings.ACTIVE)
            .put("step", "60s")
            .put("titleFormat", "{{cause}}")
            .put("textFormat", "{{scope}} (confidence: {{confidence}})")
            .put("tagKeys", "layer")
            .put("useValueForTime", false);
    return JsonArray.of(own, findings);
  }

  private void add(Row row) {
    if (!row.title().isEmpty()) {
      panels.add(heading(row.title()));
      line++;
    }
    int x = 0;
    int height = 0;
    for (var panel : row.panels()) {
      if (x + panel.size().width() > WIDTH) {
        x = 0;
        line += height;
        height = 0;
      }
      panels.add(PanelJson.of(panel, nextId(), x, line));
      x += panel.size().width();
      height = Math.max(height, panel.size().height());
    }
    line += height;
  }

  private JsonObject heading(String title) {
    return new JsonObject()
        .put("type", "row")
        .put("id", nextId())
        .put("title", title)
        .put("collapsed", false)
        .put("gridPos", JsonObject.of("x", 0, "y", line, "w", WIDTH, "h", 1))
        .put("panels", new JsonArray());
  }

  private int nextId() {
    return panels.size() + 1;
  }
}
