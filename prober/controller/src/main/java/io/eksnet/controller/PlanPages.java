package io.eksnet.controller;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.controller.web.ClusterDependencies.PlanPage;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The plans as they are sent: each written and hashed once, when it is first asked for, and again
 * only when it changed.
 */
final class PlanPages {
  private static final int ETAG_BYTES = 16;
  private static final PlanPage.NotYet NOTHING =
      new PlanPage.NotYet("not enough is known of the cluster yet");

  private final Planner planner;
  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private volatile Function<String, Optional<AgentPlan>> plans = node -> Optional.empty();

  /** A page and the plan it shows. */
  private record Page(AgentPlan plan, PlanPage.Ready ready) {}

  PlanPages(Planner planner) {
    this.planner = planner;
  }

  /** From now on these are the plans. */
  void show(Function<String, Optional<AgentPlan>> others) {
    plans = others;
    pages.keySet().removeIf(node -> others.apply(node).isEmpty());
  }

  /** There are none until others are shown. */
  void forget() {
    show(node -> Optional.empty());
  }

  /** The plan of a node. */
  PlanPage of(String node) {
    var plan = plans.apply(node);
    if (plan.isEmpty()) {
      return NOTHING;
    }
    return pages
        .compute(
            node,
            (same, before) ->
                before != null && before.plan().equals(plan.get()) ? before : page(plan.get()))
        .ready();
  }

  private Page page(AgentPlan plan) {
    var json = planner.write(plan).getBytes(StandardCharsets.UTF_8);
    return new Page(plan, new PlanPage.Ready(etag(json), Buffer.buffer(json)));
  }

  private static String etag(byte[] json) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(json);
      return "\"" + HexFormat.of().formatHex(hash, 0, ETAG_BYTES) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
