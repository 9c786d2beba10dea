package io.eksnet.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The readings as JSON, each repeat by itself. */
final class Report {
  private Report() {}

  static String json(List<Goal> goals, Measurements readings, JsonObject machine) {
    var all = new JsonObject();
    readings.all().forEach((name, values) -> all.put(name, new JsonArray(values)));
    var verdicts = new JsonObject();
    goals.stream()
        .filter(goal -> !goal.verdict(readings).isEmpty())
        .forEach(
            goal ->
                verdicts.put(
                    goal.name(),
                    new JsonObject()
                        .put("goal", goal.aim())
                        .put("verdict", goal.verdict(readings))));
    return new JsonObject()
        .put("machine", machine)
        .put("readings", all)
        .put("goals", verdicts)
        .put("notes", new JsonArray(readings.notes()))
        .encodePrettily();
  }
}
