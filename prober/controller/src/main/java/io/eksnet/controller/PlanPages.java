package io.eksnet.controller;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.controller.web.ClusterDependencies.PlanPage;
import io.eksnet.plan.FleetPlan;
import io.eksnet.plan.ValidationError;
import io.eksnet.web.PlanJson;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The plans as agents fetch them. Each is written and hashed when it is first requested, and again
 * only if it has changed.
 */
final class PlanPages {
  private static final int ETAG_BYTES = 16;
  private static final PlanPage.NotYet NO_PLAN = new PlanPage.NotYet("no plan for this node yet");

  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private volatile FleetPlan plans = FleetPlan.UNKNOWN;

  /** A response and the plan it holds. */
  private record Page(AgentPlan plan, PlanPage.Ready ready) {}

  /** Replaces all plans. */
  void update(FleetPlan others) {
    plans = others;
    pages.keySet().removeIf(node -> others.forNode(node).isEmpty());
  }

  /** Removes all plans. */
  void forget() {
    update(FleetPlan.UNKNOWN);
  }

  /** The plan of a node; empty: there is none yet. */
  Optional<AgentPlan> plan(String node) {
    return plans.forNode(node);
  }

  /** What the plans leave out because it is not valid. */
  List<ValidationError> notProbed() {
    return plans.errors();
  }

  /** The response to a request for the plan of a node. */
  PlanPage of(String node) {
    var plan = plans.forNode(node);
    if (plan.isEmpty()) {
      return NO_PLAN;
    }
    return pages
        .compute(
            node,
            (same, before) ->
                before != null && before.plan().equals(plan.get()) ? before : page(plan.get()))
        .ready();
  }

  private Page page(AgentPlan plan) {
    var json = PlanJson.write(plan).getBytes(StandardCharsets.UTF_8);
    return new Page(plan, new PlanPage.Ready(etag(json), Buffer.buffer(json)));
  }

  private static String etag(byte[] json) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(json);
      return "\"" + HexFormat.of().formatHex(hash, 0, ETAG_BYTES) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing", e);
    }
  }
}
