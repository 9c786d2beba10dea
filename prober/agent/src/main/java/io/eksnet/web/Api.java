package io.eksnet.web;

import io.eksnet.model.Observation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/** {@code /api/v1/…}: what is probed and what came of it. */
final class Api {
  private static final int FEW = 100;
  private static final int MANY = 1_000;

  /** Characters of traces in one answer to a controller. */
  private static final int TRACES = 128 * 1_024;

  private final EndpointDependencies sources;
  private final Cursor start;

  Api(EndpointDependencies sources) {
    this.sources = sources;
    start = new Cursor(sources.clock().instant().toEpochMilli(), 0);
  }

  void targets(RoutingContext context) {
    limited(context, MANY, 100_000, limit -> targets(context, limit));
  }

  void observations(RoutingContext context) {
    limited(context, FEW, MANY, limit -> observations(context, limit));
  }

  private void targets(RoutingContext context, int limit) {
    var tasks = sources.tasks().get();
    var list = new JsonArray();
    tasks.stream()
        .filter(task -> matches(context, "probe", TaskLabels.probe(task)))
        .filter(task -> matches(context, "kind", task.kind()))
        .limit(limit)
        .forEach(
            task -> {
              var json = ObservationJson.of(task);
              sources.history().last(task).ifPresent(last -> addLast(json, last));
              list.add(json);
            });
    Responses.json(context, 200, new JsonObject().put("total", tasks.size()).put("targets", list));
  }

  private void observations(RoutingContext context, int limit) {
    Predicate<Observation> wanted =
        seen ->
            matches(context, "probe", TaskLabels.probe(seen.task()))
                && matches(context, "target", TaskLabels.target(seen.task()))
                && matches(context, "kind", seen.task().kind())
                && matches(context, "outcome", seen.outcome().label());
    var since = context.request().getParam("since");
    if (since == null) {
      var list = new JsonArray();
      sources.history().newest(wanted, limit).forEach(seen -> list.add(ObservationJson.of(seen)));
      var answer = new JsonObject().put("observations", list);
      sources
          .cluster()
          .ifPresent(
              cluster ->
                  answer.put(
                      "agents",
                      cluster.observations(
                          (parameter, value) -> matches(context, parameter, value), limit)));
      Responses.json(context, 200, answer);
    } else {
      Cursor.parse(since)
          .ifPresentOrElse(
              cursor -> after(context, cursor.of(start), wanted, limit),
              () ->
                  Responses.error(context, 400, "since is the cursor of an earlier answer, or 0"));
    }
  }

  /**
   * The oldest that the asker does not have yet, and where to go on; with traces of failures as far
   * as they fit.
   */
  private void after(
      RoutingContext context, Cursor cursor, Predicate<Observation> wanted, int limit) {
    var list = new JsonArray();
    var last = cursor;
    var room = TRACES;
    for (var seen : sources.history().after(cursor.number(), wanted, limit)) {
      var json = ObservationJson.forPeers(seen.observation());
      if (History.isFailure(seen.observation()) && room > 0) {
        var trace = Trace.of(seen.observation());
        json.put("trace", trace);
        room -= trace.length();
      }
      list.add(json);
      last = cursor.at(seen.number());
    }
    var answer =
        new JsonObject()
            .put("observations", list)
            .put("cursor", last.text())
            .put("host", new Values(MANY).json(sources.host().get()));
    Responses.compact(context, 200, answer);
  }

  private static void addLast(JsonObject json, Observation last) {
    json.put(
        "last",
        new JsonObject().put("at", last.at().toString()).put("outcome", last.outcome().label()));
  }

  private static boolean matches(RoutingContext context, String parameter, String value) {
    var wanted = context.request().getParam(parameter);
    return wanted == null || wanted.equals(value);
  }

  private static void limited(RoutingContext context, int usual, int most, IntConsumer then) {
    var text = context.request().getParam("limit");
    if (text == null) {
      then.accept(usual);
    } else if (text.matches("[1-9]\\d{0,5}") && Integer.parseInt(text) <= most) {
      then.accept(Integer.parseInt(text));
    } else {
      Responses.error(context, 400, "limit must be a number from 1 to " + most);
    }
  }
}
