package io.eksnet.docs.dashboards;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What the reader chooses: one value of a label, or several.
 *
 * @param series where the values come from
 */
record Variable(
    String name, String title, String description, String label, String series, boolean several) {
  static final Variable CLUSTER =
      new Variable(
          "cluster",
          "Cluster",
          "The cluster, by the name in the config of eksnet.",
          "cluster",
          "eksnet_build_info",
          false);

  static final Variable NODE =
      new Variable(
          "node",
          "Node",
          "Nodes of the agents whose probes are shown.",
          "node",
          "eksnet_build_info{cluster=\"$cluster\",az=~\"$zone\"}",
          true);

  static final Variable ZONE =
      new Variable(
          "zone",
          "Zone",
          "Zones of the agents whose probes are shown.",
          "az",
          "eksnet_build_info{cluster=\"$cluster\"}",
          true);

  static Variable of(String label, String title, String description, String metric) {
    return new Variable(label, title, description, label, metric + "{cluster=\"$cluster\"}", true);
  }

  /** The choice of the data source, which all queries name. */
  static JsonObject datasource() {
    return new JsonObject()
        .put("type", "datasource")
        .put("name", "datasource")
        .put("label", "Data source")
        .put("description", "The Prometheus that scrapes eksnet.")
        .put("query", "prometheus")
        .put("regex", "")
        .put("refresh", 1)
        .put("hide", 0)
        .put("includeAll", false)
        .put("multi", false)
        .put("skipUrlSync", false)
        .put("options", new JsonArray())
        .put("current", new JsonObject());
  }

  /** {@code .*} and not {@code .+}: where the scrape sets no node or zone, all are meant too. */
  JsonObject json() {
    var query = "label_values(" + series + ", " + label + ")";
    var json =
        new JsonObject()
            .put("type", "query")
            .put("name", name)
            .put("label", title)
            .put("description", description)
            .put("datasource", Datasource.json())
            .put("definition", query)
            .put("query", JsonObject.of("query", query, "refId", "Variable-" + name))
            .put("refresh", 2)
            .put("regex", "")
            .put("sort", 1)
            .put("hide", 0)
            .put("includeAll", several)
            .put("multi", several)
            .put("skipUrlSync", false)
            .put("options", new JsonArray())
            .put("current", several ? all() : new JsonObject());
    return several ? json.put("allValue", ".*") : json;
  }

  private static JsonObject all() {
    return JsonObject.of(
        "selected", true, "text", JsonArray.of("All"), "value", JsonArray.of("$__all"));
  }
}
