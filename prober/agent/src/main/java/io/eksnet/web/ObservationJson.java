package io.eksnet.web;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import io.eksnet.model.diagnosis.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Tasks and observations as JSON; times as in RFC 3339, durations in seconds. */
final class ObservationJson {
  private static final double NANOS = 1e9;

  private ObservationJson() {}

  static JsonObject of(Task task) {
    return new JsonObject()
        .put("id", task.id())
        .put("probe", TaskLabels.probe(task))
        .put("kind", task.kind())
        .put("target", TaskLabels.target(task))
        .put("interval_seconds", seconds(task.interval()))
        .put("timeout_seconds", seconds(task.timeout()))
        .put("negative", task.expectBlocked())
        .put("labels", new JsonObject(Map.copyOf(task.labels())));
  }

  static JsonObject of(Observation observation) {
    var task = observation.task();
    var json =
        new JsonObject()
            .put("id", task.id())
            .put("probe", TaskLabels.probe(task))
            .put("kind", task.kind())
            .put("target", TaskLabels.target(task))
            .put("at", observation.at().toString())
            .put("took_seconds", seconds(observation.took()));
    return observation
        .outcome()
        .match(
            success -> json.mergeIn(leaf(success)),
            failure -> json.mergeIn(leaf(failure)),
            notRun -> json.mergeIn(leaf(notRun)),
            several ->
                json.put("outcome", several.label())
                    .put("success", several.succeeded())
                    .put("parts", parts(several)));
  }

  /** As a controller reads it: without the trace, with the series and the result. */
  static JsonObject forPeers(Observation observation) {
    return brief(observation)
        .put("subject", RecordJson.of((Record) observation.task().key()))
        .put("result", RecordJson.of(Result.of(observation)));
  }

  /** The same without the trace. */
  static JsonObject brief(Observation observation) {
    var json = of(observation);
    json.remove("trace");
    var parts = json.getJsonArray("parts", new JsonArray());
    for (var i = 0; i < parts.size(); i++) {
      parts.getJsonObject(i).remove("trace");
    }
    return json;
  }

  private static JsonArray parts(Outcome.Several several) {
    var parts = new JsonArray();
    for (var part : several.parts()) {
      parts.add(new JsonObject().put("address", part.address()).mergeIn(leaf(part.outcome())));
    }
    return parts;
  }

  private static JsonObject leaf(Outcome outcome) {
    var json = new JsonObject().put("outcome", outcome.label()).put("success", outcome.succeeded());
    outcome.fold(
        success -> timings(json, success.timings()),
        failure ->
            timings(
                json.put("phase", failure.phase().label()).put("detail", failure.detail()),
                failure.timings()),
        notRun -> reason(json, notRun));
    return notes(json, outcome.notes());
  }

  private static JsonObject reason(JsonObject json, Outcome.NotRun notRun) {
    json.put("reason", notRun.reason().label());
    if (!notRun.detail().isEmpty()) {
      json.put("detail", notRun.detail());
    }
    return notRun.ticks() == 1 ? json : json.put("ticks", notRun.ticks());
  }

  /** The last observation of a target, in the list of targets. */
  static JsonObject lastOf(Observation observation) {
    var json =
        new JsonObject()
            .put("at", observation.at().toString())
            .put("outcome", observation.outcome().label());
    return observation
        .outcome()
        .fold(success -> json, failure -> json, notRun -> reason(json, notRun));
  }

  private static JsonObject timings(JsonObject json, Timings timings) {
    if (timings.known()) {
      json.put("duration_seconds", timings.totalNanos() / NANOS);
    }
    var phases = new JsonObject();
    timings.phases().forEach((phase, length) -> phases.put(phase.label(), seconds(length)));
    if (!phases.isEmpty()) {
      json.put("phases_seconds", phases);
    }
    return json;
  }

  private static JsonObject notes(JsonObject json, List<Note> notes) {
    if (notes.isEmpty()) {
      return json;
    }
    var lines = new JsonArray();
    TraceText.lines(notes)
        .forEach(
            line ->
                lines.add(new JsonObject().put("what", line.what()).put("value", line.value())));
    return json.put("trace", lines);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS;
  }
}
