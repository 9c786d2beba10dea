package io.eksnet.web;

import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Values as JSON; times as in RFC 3339, durations in seconds. */
final class ObservationJson {
  private static final double NANOS = 1e9;

  /** As {@code io.eksnet.controller.web.ModelJson} reads them. */
  private static final SeriesKey.Cases<JsonObject> SUBJECT =
      new SeriesKey.Cases<>(
          probe ->
              type("own_probe")
                  .put("probe", probe.probe())
                  .put("kind", probe.kind())
                  .put("target", probe.target()),
          dns ->
              type("dns_path")
                  .put("path", dns.path())
                  .put("server", dns.server())
                  .put("query_class", dns.queryClass())
                  .put("qtype", dns.qtype())
                  .put("proto", dns.proto()),
          service ->
              type("service_path")
                  .put("namespace", service.namespace())
                  .put("service", service.service())
                  .put("via", service.via()),
          pod ->
              type("pod_path")
                  .put("peer", pod.peer())
                  .put("source_zone", pod.sourceZone())
                  .put("target_zone", pod.targetZone()),
          target ->
              type("target_path")
                  .put("target_group", target.targetGroup())
                  .put("address", target.address()),
          lb -> type("lb_path").put("lb", lb.lb()).put("listener", lb.listener()),
          component -> type("host_part").put("suite", component.suite()),
          sts -> type("sts_path"));

  private ObservationJson() {}

  private static JsonObject type(String name) {
    return new JsonObject().put("type", name);
  }

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
        .put("subject", observation.task().key().fold(SUBJECT))
        .put("result", of(Result.of(observation)));
  }

  /** What is not known is left out. */
  static JsonObject of(HostReport host) {
    var json = new JsonObject();
    host.nameserversOk().ifPresent(ok -> json.put("nameservers_ok", ok));
    host.podIdentityAgent().ifPresent(ok -> json.put("pod_identity_agent", ok));
    host.ipamd().ifPresent(ok -> json.put("ipamd", ok));
    host.pool().ifPresent(pool -> json.put("pool", of(pool)));
    return json.put("allowances", new JsonObject(Map.copyOf(host.allowances())))
        .put("private_endpoints", new JsonObject(Map.copyOf(host.privateEndpoints())));
  }

  private static JsonObject of(AddressPool pool) {
    return new JsonObject()
        .put("total", pool.total())
        .put("assigned", pool.assigned())
        .put("enis", pool.enis())
        .put("max_enis", pool.maxEnis())
        .put("refused", pool.refused())
        .put("errors", new JsonObject(Map.copyOf(pool.errors())));
  }

  private static JsonObject of(Result result) {
    return new JsonObject()
        .put("at", result.at().toString())
        .put("outcome", result.outcome())
        .put("phase", result.phase().label())
        .put("code", result.code())
        .put("by_load_balancer", result.byLoadBalancer())
        .put("retried", result.retried())
        .put("took", result.took());
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
