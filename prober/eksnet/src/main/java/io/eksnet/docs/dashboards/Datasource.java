package io.eksnet.docs.dashboards;

import io.vertx.core.json.JsonObject;

/** The Prometheus that the reader chose. */
final class Datasource {
  private Datasource() {}

  static JsonObject json() {
    return JsonObject.of("type", "prometheus", "uid", "${datasource}");
  }
}
