package io.eksnet.plan;

import java.util.List;

/**
 * What one agent is asked to probe.
 *
 * @param node the agent's
 * @param zone of that node, or empty if it is not known
 */
public record AgentPlan(String node, String zone, List<Assignment> assignments) {
  public AgentPlan {
    assignments = List.copyOf(assignments);
  }
}
