package io.eksnet.controller.web;

import io.eksnet.controller.page.FixStep;
import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.controller.web.ClusterDependencies.Since;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.plan.ValidationError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

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
        .put(
            "fix_steps",
            new JsonArray(finding.fix().stream().map(FixStep::of).map(FindingsJson::step).toList()))
        .put("since", since.toString());
  }

  /** A step; its command, if it has one, and whether that reads or changes something. */
  private static JsonObject step(FixStep step) {
    var json = new JsonObject().put("text", step.text());
    step.command()
        .ifPresent(
            command ->
                json.put("command", command.line())
                    .put("effect", command.changes() ? "change" : "read"));
    return step.note().isEmpty() ? json : json.put("note", step.note());
  }

  /** An ignored finding, with the reason that the config gives. */
  public static JsonObject write(Finding finding, Instant since, String reason) {
    return write(finding, since).put("ignored_because", reason);
  }

  /**
   * The result of a diagnosis.
   *
   * @param notProbed as of the last plan
   * @param inventory fresh values only; no finding rests on what it does not have
   */
  public static JsonObject write(
      Diagnosed diagnosed, List<ValidationError> notProbed, Inventory inventory) {
    return new JsonObject()
        .put("at", diagnosed.at().orElseThrow().toString())
        .put("findings", array(diagnosed.findings()))
        .put("notices", array(diagnosed.notices()))
        .put(
            "ignored",
            new JsonArray(
                diagnosed.ignored().stream()
                    .map(one -> write(one.found().finding(), one.found().since(), one.reason()))
                    .toList()))
        .put("not_probed", new JsonArray(notProbed.stream().map(ModelJson::object).toList()))
        .put(
            "not_seen",
            new JsonArray(
                Resources.unknownIn(inventory).stream()
                    .map(resource -> notSeen(resource, inventory))
                    .toList()));
  }

  /** As in the report of the doctor. */
  private static JsonObject notSeen(Resource<?> resource, Inventory inventory) {
    var why = inventory.snapshot(resource).unavailable().orElse(Unavailable.NOT_YET);
    return new JsonObject().put("what", resource.name()).put("why", why.detail());
  }

  private static JsonArray array(List<Since> findings) {
    return new JsonArray(findings.stream().map(one -> write(one.finding(), one.since())).toList());
  }
}
