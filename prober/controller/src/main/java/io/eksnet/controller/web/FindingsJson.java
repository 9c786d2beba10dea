package io.eksnet.controller.web;

import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.model.diagnosis.Finding;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Findings as machines read them, from the controller and from the doctor alike. */
public final class FindingsJson {
  private FindingsJson() {}

  /** One finding and since when it is there. */
  public static JsonObject write(Finding finding, Instant since) {
    var json = ModelJson.object(finding);
    // A reported finding has lasted that long.
    json.remove("hold_for");
    return json.put("layer", finding.cause().layer().label())
        .put("confidence", finding.confidence().label())
        .put("confidence_percent", finding.confidence().percent())
        .put("meaning", finding.cause().meaning())
        .put("rules", finding.cause().rules())
        .put("since", since.toString());
  }

  static JsonObject write(Diagnosed diagnosed) {
    var list = new JsonArray();
    diagnosed.findings().forEach(since -> list.add(write(since.finding(), since.since())));
    return new JsonObject()
        .put("at", diagnosed.at().orElseThrow().toString())
        .put("findings", list);
  }
}
