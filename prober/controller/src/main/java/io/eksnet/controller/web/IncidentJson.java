package io.eksnet.controller.web;

import io.eksnet.incident.Change;
import io.eksnet.incident.Incident;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Incidents and changes as machines read them. */
public final class IncidentJson {
  private IncidentJson() {}

  /** One incident with all its findings. */
  public static JsonObject write(Incident incident) {
    var json =
        summary(incident)
            .put("merged_ids", new JsonArray(incident.mergedIds()))
            .put("agents", new JsonArray(incident.agents()))
            .put(
                "findings",
                new JsonArray(incident.parts().stream().map(IncidentJson::part).toList()))
            .put("changes", changes(incident.changes()));
    return json;
  }

  /** One incident in a list. */
  static JsonObject summary(Incident incident) {
    var json =
        new JsonObject()
            .put("id", incident.id())
            .put("path", "/incidents/" + incident.id())
            .put("opened", incident.opened().toString());
    incident.closed().ifPresent(closed -> json.put("closed", closed.toString()));
    return json.put("causes", labels(incident))
        .put("objects", new JsonArray(List.copyOf(incident.objects())));
  }

  /** Changes in their order. */
  static JsonArray changes(List<Change> changes) {
    return new JsonArray(
        changes.stream()
            .map(change -> ModelJson.object(change).put("text", change.text()))
            .toList());
  }

  private static JsonArray labels(Incident incident) {
    return new JsonArray(incident.causes().stream().map(cause -> cause.label()).toList());
  }

  private static JsonObject part(Incident.Part part) {
    var json = FindingsJson.write(part.finding(), part.began());
    part.ended().ifPresent(ended -> json.put("ended", ended.toString()));
    return json.put("first_evidence", new JsonArray(part.firstEvidence()))
        .put(
            "confidence_over_time",
            new JsonArray(part.confidence().stream().map(ModelJson::object).toList()));
  }
}
