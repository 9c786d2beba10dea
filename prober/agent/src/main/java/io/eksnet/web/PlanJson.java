package io.eksnet.web;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.Assignment;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.config.Durations;
import io.eksnet.config.LabelNames;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plan in transit from the controller to an agent, as JSON; equal plans have equal texts.
 *
 * <p>A key or a suite that a newer controller added is ignored, so that versions can be mixed. A
 * text that is too long, a known value that is malformed or an address outside of {@link
 * AllowedTargets} makes the whole plan invalid, and the agent keeps its previous one.
 */
public final class PlanJson {
  /** The largest number of characters of a plan. */
  public static final int MAX_LENGTH = 2 * 1024 * 1024;

  private static final int VERSION = 1;
  private static final int MAX_TEXT = 1_024;
  private static final int MAX_STATUSES = 16;

  /** Suites of other versions count, too. */
  private static final int MAX_SUITES = 64;

  private static final Assignment.Cases<JsonObject> WRITE =
      new Assignment.Cases<>(
          backend -> suite(backend).put("address", backend.address()),
          call ->
              suite(call)
                  .put("namespace", call.namespace())
                  .put("service", call.service())
                  .put("cluster_ip", call.clusterIp())
                  .put("port", call.port())
                  .put("protocol", call.protocol())
                  .put("path", call.path()),
          peer ->
              suite(peer)
                  .put("node", peer.node())
                  .put("zone", peer.zone())
                  .put("address", peer.address())
                  .put("port", peer.port()),
          call ->
              suite(call)
                  .put("target_group", call.targetGroup())
                  .put("address", call.address())
                  .put("port", call.port())
                  .put("protocol", call.protocol())
                  .put("path", call.path())
                  .put("statuses", new JsonArray(call.statuses())),
          call ->
              suite(call)
                  .put("lb", call.lb())
                  .put("dns_name", call.dnsName())
                  .put("port", call.port())
                  .put("protocol", call.protocol())
                  .put("host", call.host())
                  .put("path", call.path())
                  .put("statuses", new JsonArray(call.statuses()))
                  .put("verify", call.verify()),
          call ->
              suite(call)
                  .put("service", call.service())
                  .put("host", call.host())
                  .put("each_address", call.eachAddress()),
          probe ->
              suite(probe)
                  .put("name", probe.name())
                  .put("kind", probe.kind())
                  .put("target", probe.target())
                  .put("interval", Durations.text(probe.interval()))
                  .put("statuses", new JsonArray(probe.statuses()))
                  .put("labels", labels(probe.labels())),
          probe ->
              suite(probe)
                  .put("name", probe.name())
                  .put("module", probe.module())
                  .put("target", probe.target())
                  .put("interval", Durations.text(probe.interval()))
                  .put("timeout", Durations.text(probe.timeout()))
                  .put("labels", labels(probe.labels())));

  private PlanJson() {}

  /** The text of a plan. */
  public static String write(AgentPlan plan) {
    var kept = new JsonArray();
    plan.keptInOrder().forEach(suite -> kept.add(suite.label()));
    var assignments = new JsonArray();
    plan.assignments().forEach(assignment -> assignments.add(assignment.fold(WRITE)));
    return new JsonObject()
        .put("version", VERSION)
        .put("node", plan.node())
        .put("zone", plan.zone())
        .put("kept", kept)
        .put("assignments", assignments)
        .encode();
  }

  /**
   * The plan of a real cluster.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static AgentPlan read(String text) {
    return read(text, AllowedTargets.CLUSTER);
  }

  /**
   * The plan in {@code text}, if all of its targets are allowed.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static AgentPlan read(String text, AllowedTargets allowed) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a plan has at most " + MAX_LENGTH + " characters, not " + text.length());
    }
    var plan = new Fields(parse(text), "the plan: ");
    var version = plan.number("version");
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "the plan has version " + version + " and this agent reads " + VERSION + "; update it");
    }
    var entries = plan.list("assignments", AgentPlan.MAX_ASSIGNMENTS);
    var assignments = new ArrayList<Assignment>();
    for (var i = 0; i < entries.size(); i++) {
      read(entries.getValue(i), "assignment " + i, allowed).ifPresent(assignments::add);
    }
    var kept =
        plan.texts("kept", MAX_SUITES).stream()
            .flatMap(label -> suite(label).stream())
            .collect(Collectors.toSet());
    return new AgentPlan(plan.text("node"), plan.text("zone"), assignments, kept);
  }

  private static JsonObject parse(String text) {
    try {
      return new JsonObject(text);
    } catch (DecodeException | ClassCastException e) {
      throw new IllegalArgumentException("the plan is not a JSON object");
    }
  }

  /** Empty for a suite of another version. */
  private static Optional<Assignment> read(
      @Nullable Object json, String place, AllowedTargets allowed) {
    if (!(json instanceof JsonObject object)) {
      throw new IllegalArgumentException(place + " must be an object");
    }
    try {
      var fields = new Fields(object, "");
      var assignment = suite(fields.text("suite")).map(suite -> read(suite, fields));
      assignment
          .flatMap(allowed::objection)
          .ifPresent(
              problem -> {
                throw new IllegalArgumentException(problem);
              });
      return assignment;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private static Assignment read(Suite suite, Fields json) {
    return switch (suite) {
      case DNS -> new Assignment.DnsBackend(json.text("address"));
      case SERVICE ->
          new Assignment.ServiceCall(
              json.text("namespace"),
              json.text("service"),
              json.text("cluster_ip"),
              json.number("port"),
              json.text("protocol"),
              json.text("path"));
      case POD ->
          new Assignment.Peer(
              json.text("node"), json.text("zone"), json.text("address"), json.number("port"));
      case TARGET ->
          new Assignment.TargetCall(
              json.text("target_group"),
              json.text("address"),
              json.number("port"),
              json.text("protocol"),
              json.text("path"),
              json.texts("statuses", MAX_STATUSES));
      case LB ->
          new Assignment.LbCall(
              json.text("lb"),
              json.text("dns_name"),
              json.number("port"),
              json.text("protocol"),
              json.text("host"),
              json.text("path"),
              json.texts("statuses", MAX_STATUSES),
              json.bool("verify"));
      case ENDPOINTS ->
          new Assignment.EndpointCall(
              json.text("service"), json.text("host"), json.bool("each_address"));
      case ANNOTATED ->
          new Assignment.Annotated(
              json.text("name"),
              json.text("kind"),
              json.text("target"),
              Durations.parse(json.text("interval")),
              json.texts("statuses", MAX_STATUSES),
              json.labels("labels"));
      case PROBE_RESOURCE ->
          new Assignment.ResourceProbe(
              json.text("name"),
              json.text("module"),
              json.text("target"),
              Durations.parse(json.text("interval")),
              Durations.parse(json.text("timeout")),
              json.labels("labels"));
    };
  }

  private static JsonObject suite(Assignment assignment) {
    return new JsonObject().put("suite", assignment.suite().label());
  }

  /** In the order of their names, so that equal labels have equal texts. */
  private static JsonObject labels(Map<String, String> labels) {
    var json = new JsonObject();
    new TreeMap<>(labels).forEach(json::put);
    return json;
  }

  private static Optional<Suite> suite(String label) {
    return Stream.of(Suite.values()).filter(suite -> suite.label().equals(label)).findFirst();
  }

  /** Reads fields of an object that must be there and of their type. */
  private record Fields(JsonObject json, String prefix) {
    String text(String key) {
      return text(json.getValue(key), key);
    }

    int number(String key) {
      if (json.getValue(key) instanceof Integer number) {
        return number;
      }
      throw malformed(key + " must be a whole number");
    }

    boolean bool(String key) {
      if (json.getValue(key) instanceof Boolean bool) {
        return bool;
      }
      throw malformed(key + " must be true or false");
    }

    JsonArray list(String key, int max) {
      if (!(json.getValue(key) instanceof JsonArray list)) {
        throw malformed(key + " must be a list");
      }
      if (list.size() > max) {
        throw malformed(key + " has more than " + max + " entries");
      }
      return list;
    }

    List<String> texts(String key, int max) {
      var texts = new ArrayList<String>();
      for (var value : list(key, max)) {
        texts.add(text(value, key));
      }
      return texts;
    }

    /** None if the key is absent: a controller of an older version sends none. */
    Map<String, String> labels(String key) {
      if (!json.containsKey(key)) {
        return Map.of();
      }
      if (!(json.getValue(key) instanceof JsonObject object)) {
        throw malformed(key + " must be an object");
      }
      if (object.size() > LabelNames.MAX_PROBE_LABELS) {
        throw malformed(key + " has more than " + LabelNames.MAX_PROBE_LABELS + " entries");
      }
      var labels = new TreeMap<String, String>();
      for (var name : object.fieldNames()) {
        labels.put(name, text(object.getValue(name), key));
      }
      return labels;
    }

    private String text(@Nullable Object value, String key) {
      if (value instanceof String text && text.length() <= MAX_TEXT) {
        return text;
      }
      throw malformed(key + " must be a text of at most " + MAX_TEXT + " characters");
    }

    private IllegalArgumentException malformed(String problem) {
      return new IllegalArgumentException(prefix + problem);
    }
  }
}
