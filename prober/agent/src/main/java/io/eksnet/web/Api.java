package io.eksnet.web;

import io.eksnet.model.Observation;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code /api/v1/targets} and {@code /api/v1/observations}. */
final class Api {
  private static final int DEFAULT_OBSERVATIONS = 100;
  private static final int MAX_OBSERVATIONS = 1_000;
  private static final int DEFAULT_TARGETS = 1_000;
  private static final int MAX_TARGETS = 100_000;

  /** Characters of traces in one response to a controller. */
  private static final int MAX_TRACE_CHARS = 128 * 1_024;

  private final EndpointDependencies dependencies;
  private final Cursor start;

  Api(EndpointDependencies dependencies) {
    this.dependencies = dependencies;
    start = new Cursor(dependencies.clock().instant().toEpochMilli(), 0);
  }

  void targets(RoutingContext context) {
    limited(context, DEFAULT_TARGETS, MAX_TARGETS, limit -> targets(context, limit));
  }

  void observations(RoutingContext context) {
    limited(context, DEFAULT_OBSERVATIONS, MAX_OBSERVATIONS, limit -> observations(context, limit));
  }

  private void targets(RoutingContext context, int limit) {
    var tasks = dependencies.tasks().get();
    var now = dependencies.clock().instant();
    var history = dependencies.history();
    var targets =
        tasks.stream()
            .filter(task -> matches(context, "probe", TaskLabels.probe(task)))
            .filter(task -> matches(context, "kind", task.kind()))
            .limit(limit)
            .map(
                task -> {
                  var state = TargetState.of(task, history.lastResult(task), now);
                  var json = ObservationJson.of(task).put("state", state.label());
                  history
                      .last(task)
                      .ifPresent(last -> json.put("last", ObservationJson.lastOf(last)));
                  return json;
                });
    Responses.jsonList(
        context, new JsonObject().put("total", tasks.size()), "targets", targets.iterator());
  }

  private void observations(RoutingContext context, int limit) {
    Predicate<Observation> filter =
        observation ->
            matches(context, "probe", TaskLabels.probe(observation.task()))
                && matches(context, "target", TaskLabels.target(observation.task()))
                && matches(context, "kind", observation.task().kind())
                && matches(context, "outcome", observation.outcome().label());
    var since = context.request().getParam("since");
    if (since == null) {
      var observations = dependencies.history().newest(filter, limit);
      ofAgents(context, limit)
          .onSuccess(
              response ->
                  Responses.jsonList(
                      context,
                      response,
                      "observations",
                      observations.stream().map(ObservationJson::of).iterator()))
          .onFailure(context::fail);
    } else {
      Cursor.parse(since)
          .ifPresentOrElse(
              cursor -> after(context, cursor.of(start), filter, limit),
              () ->
                  Responses.error(
                      context, 400, "since must be the cursor of an earlier response, or 0"));
    }
  }

  /** The runs that agents reported to a controller; an agent has none. */
  private Future<JsonObject> ofAgents(RoutingContext context, int limit) {
    var response = new JsonObject();
    if (dependencies.cluster().isEmpty()) {
      return Future.succeededFuture(response);
    }
    var parameters = firstValues(context);
    return dependencies
        .cluster()
        .get()
        .observations(
            context.vertx(),
            (parameter, value) -> parameters.getOrDefault(parameter, value).equals(value),
            limit)
        .map(response::mergeIn);
  }

  private static Map<String, String> firstValues(RoutingContext context) {
    return context.request().params().entries().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, next) -> first));
  }

  /**
   * The oldest observations after a cursor, with the next cursor; failures have their trace as long
   * as {@link #MAX_TRACE_CHARS} is not exceeded.
   */
  private void after(
      RoutingContext context, Cursor cursor, Predicate<Observation> filter, int limit) {
    var list = new JsonArray();
    var last = cursor;
    var room = MAX_TRACE_CHARS;
    for (var entry : dependencies.history().after(cursor.number(), filter, limit)) {
      var json = ObservationJson.forPeers(entry.observation());
      if (History.isFailure(entry.observation()) && room > 0) {
        var trace = TraceText.of(entry.observation());
        json.put("trace", trace);
        room -= trace.length();
      }
      list.add(json);
      last = cursor.at(entry.number());
    }
    var response =
        new JsonObject()
            .put("observations", list)
            .put("cursor", last.text())
            .put("host", RecordJson.of(dependencies.hostReport().get()));
    Responses.compact(context, 200, response);
  }

  private static boolean matches(RoutingContext context, String parameter, String value) {
    var wanted = context.request().getParam(parameter);
    return wanted == null || wanted.equals(value);
  }

  private static void limited(
      RoutingContext context, int defaultLimit, int max, IntConsumer handler) {
    var text = context.request().getParam("limit");
    if (text == null) {
      handler.accept(defaultLimit);
    } else if (text.matches("[1-9]\\d{0,5}") && Integer.parseInt(text) <= max) {
      handler.accept(Integer.parseInt(text));
    } else {
      Responses.error(context, 400, "limit must be a number from 1 to " + max);
    }
  }
}
