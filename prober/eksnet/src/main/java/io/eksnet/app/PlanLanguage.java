package io.eksnet.app;

import io.eksnet.config.Suites;
import io.eksnet.core.Task;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.plan.AgentPlan;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How plans are made, sent, read and carried out. */
interface PlanLanguage {
  /** The plans of all agents by node; none for a node of which nothing is known. May take long. */
  Function<String, Optional<AgentPlan>> plans(Suites suites, Inventory inventory);

  /** As it is sent. */
  String write(AgentPlan plan);

  /**
   * As it was sent.
   *
   * @throws IllegalArgumentException if it is none, or asks for what no plan may
   */
  AgentPlan read(String json);

  /** What an agent does on a plan when it did {@code last} before. */
  AgentPlan following(AgentPlan plan, AgentPlan last);

  /** What an agent probes on this plan. */
  List<Task> tasks(AgentPlan plan, Suites suites);
}
