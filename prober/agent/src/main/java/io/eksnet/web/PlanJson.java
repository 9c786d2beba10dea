package io.eksnet.web;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.Assignment;
import io.eksnet.agent.plan.Assignment.Annotated;
import io.eksnet.agent.plan.Assignment.DnsBackend;
import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.Peer;
import io.eksnet.agent.plan.Assignment.ServiceCall;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.agent.plan.Assignment.TargetCall;
import io.eksnet.config.Durations;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A plan on its way from the controller to an agent: JSON, the same text for the same plan.
 *
 * <p>The agent believes the controller only so far: a text that is too long, a key it does not
 * know, a value that is not well formed or an address out of {@link AllowedTargets} spoils the
 * whole plan, and the agent goes on with its last one.
 */
public final class PlanJson {
  /** More characters no plan has. */
  public static final int LONGEST = 2 * 1024 * 1024;

  private static final int VERSION = 1;

  private PlanJson() {}

  /** The text of a plan. */
  public static String write(AgentPlan plan) {
    var kept = new JsonArray();
    plan.keptInOrder().forEach(suite -> kept.add(suite.label()));
    var assignments = new JsonArray();
    plan.assignments().forEach(assignment -> assignments.add(json(assignment)));
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
   * The plan that {@code text} says, if nothing in it leads out of reach.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static AgentPlan read(String text, AllowedTargets reach) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a plan has at most " + LONGEST + " characters, not " + text.length());
    }
    var plan = PlanObject.of(parsed(text), "the plan");
    var version = plan.number("version");
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "the plan has version " + version + " and this agent reads " + VERSION + "; update it");
    }
    plan.only("version", "node", "zone", "kept", "assignments");
    var entries = plan.list("assignments", AgentPlan.MOST);
    var assignments =
        Stream.iterate(0, i -> i < entries.size(), i -> i + 1)
            .map(i -> assignment(PlanObject.of(entries.getValue(i), "assignment " + i), reach))
            .toList();
    return new AgentPlan(plan.text("node"), plan.text("zone"), assignments, kept(plan));
  }

  private static Object parsed(String text) {
    try {
      return new JsonObject(text);
    } catch (DecodeException | ClassCastException e) {
      throw new IllegalArgumentException("the plan is not a JSON object");
    }
  }

  private static Set<Suite> kept(PlanObject plan) {
    return plan.texts("kept", Suite.values().length).stream()
        .map(PlanJson::suite)
        .collect(Collectors.toSet());
  }

  private static Suite suite(String label) {
    return Stream.of(Suite.values())
        .filter(suite -> suite.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no suite of this name"));
  }

  private static JsonObject json(Assignment assignment) {
    var json = new JsonObject().put("suite", assignment.suite().label());
    if (assignment instanceof DnsBackend backend) {
      return json.put("address", backend.address());
    }
    if (assignment instanceof ServiceCall call) {
      return json.put("namespace", call.namespace())
          .put("service", call.service())
          .put("cluster_ip", call.clusterIp())
          .put("port", call.port())
          .put("protocol", call.protocol())
          .put("path", call.path());
    }
    if (assignment instanceof Peer peer) {
      return json.put("node", peer.node())
          .put("zone", peer.zone())
          .put("address", peer.address())
          .put("port", peer.port());
    }
    if (assignment instanceof TargetCall call) {
      return json.put("target_group", call.targetGroup())
          .put("address", call.address())
          .put("port", call.port())
          .put("protocol", call.protocol())
          .put("path", call.path())
          .put("statuses", new JsonArray(call.statuses()));
    }
    if (assignment instanceof LbCall call) {
      return json.put("lb", call.lb())
          .put("dns_name", call.dnsName())
          .put("port", call.port())
          .put("protocol", call.protocol())
          .put("host", call.host())
          .put("path", call.path())
          .put("statuses", new JsonArray(call.statuses()))
          .put("verify", call.verify());
    }
    var probe = (Annotated) assignment;
    return json.put("name", probe.name())
        .put("kind", probe.kind())
        .put("target", probe.target())
        .put("interval", Durations.text(probe.interval()))
        .put("statuses", new JsonArray(probe.statuses()));
  }

  private static Assignment assignment(PlanObject json, AllowedTargets reach) {
    var assignment = json.said(PlanJson::assignment);
    reach
        .objection(assignment)
        .ifPresent(
            wrong -> {
              throw new IllegalArgumentException(json.place() + ": " + wrong);
            });
    return assignment;
  }

  private static Assignment assignment(PlanObject json) {
    return switch (suite(json.text("suite"))) {
      case DNS -> new DnsBackend(json.only("suite", "address").text("address"));
      case SERVICE ->
          new ServiceCall(
              json.only("suite", "namespace", "service", "cluster_ip", "port", "protocol", "path")
                  .text("namespace"),
              json.text("service"),
              json.text("cluster_ip"),
              json.number("port"),
              json.text("protocol"),
              json.text("path"));
      case POD ->
          new Peer(
              json.only("suite", "node", "zone", "address", "port").text("node"),
              json.text("zone"),
              json.text("address"),
              json.number("port"));
      case TARGET ->
          new TargetCall(
              json.only("suite", "target_group", "address", "port", "protocol", "path", "statuses")
                  .text("target_group"),
              json.text("address"),
              json.number("port"),
              json.text("protocol"),
              json.text("path"),
              statuses(json));
      case LB ->
          new LbCall(
              json.only(
                      "suite",
                      "lb",
                      "dns_name",
                      "port",
                      "protocol",
                      "host",
                      "path",
                      "statuses",
                      "verify")
                  .text("lb"),
              json.text("dns_name"),
              json.number("port"),
              json.text("protocol"),
              json.text("host"),
              json.text("path"),
              statuses(json),
              json.truth("verify"));
      case ANNOTATED ->
          new Annotated(
              json.only("suite", "name", "kind", "target", "interval", "statuses").text("name"),
              json.text("kind"),
              json.text("target"),
              Durations.parse(json.text("interval")),
              statuses(json));
    };
  }

  private static List<String> statuses(PlanObject json) {
    return json.texts("statuses", 16);
  }
}
