package io.eksnet.docs.dashboards;

import io.vertx.core.json.JsonObject;

/** Where a panel or a cell leads. */
record Link(String title, String url) {
  /** Where all runbooks are, each named like its alert. */
  static final String RUNBOOKS = "https://github.com/eksnet/eksnet/blob/main/dashboards/runbooks/";

  static Link runbook(String alert) {
    return new Link("Runbook " + alert, RUNBOOKS + alert + ".md");
  }

  JsonObject json() {
    return JsonObject.of("title", title, "url", url, "targetBlank", !url.startsWith("/"));
  }
}
