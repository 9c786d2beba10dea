package io.eksnet.controller;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.config.Suites;
import io.eksnet.model.inventory.Inventory;
import java.util.Optional;
import java.util.function.Function;

/** Computes and writes the plans of all agents. */
public interface Planner {
  /** The plans by node; empty for a node that is not known. May take long. */
  Function<String, Optional<AgentPlan>> plans(Suites suites, Inventory inventory);

  /** The plan as agents read it. */
  String write(AgentPlan plan);
}
