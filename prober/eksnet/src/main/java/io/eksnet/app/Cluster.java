package io.eksnet.app;

import io.eksnet.config.Settings;
import io.eksnet.config.Suites;
import io.eksnet.core.Task;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.plan.AgentPlan;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a process uses of a cluster; tests put their own in its place. */
record Cluster(Opening opening, PlanLanguage language) {
  /** The real one. Names no class of a client of Kubernetes or AWS: agents load none. */
  static final Cluster REAL = new Cluster(Cluster::open, new Plain());

  /** Opens the facts of a cluster. */
  @FunctionalInterface
  interface Opening {
    /**
     * What this process knows of the cluster, opened.
     *
     * @param alone whether there is no other controller
     */
    Facts open(Surroundings surroundings, Settings settings, boolean alone);
  }

  private static Facts open(Surroundings surroundings, Settings settings, boolean alone) {
    return new CloudFacts(surroundings, settings.controller().lease(), alone);
  }

  /** Plans that ask for nothing. */
  private static final class Plain implements PlanLanguage {
    @Override
    public Function<String, Optional<AgentPlan>> plans(Suites suites, Inventory inventory) {
      return node -> Optional.empty();
    }

    @Override
    public String write(AgentPlan plan) {
      return new JsonObject().put("node", plan.node()).put("zone", plan.zone()).encode();
    }

    @Override
    public AgentPlan read(String json) {
      var plan = new JsonObject(json);
      return new AgentPlan(plan.getString("node"), plan.getString("zone"), List.of());
    }

    @Override
    public AgentPlan following(AgentPlan plan, AgentPlan last) {
      return plan;
    }

    @Override
    public List<Task> tasks(AgentPlan plan, Suites suites) {
      return List.of();
    }
  }
}
