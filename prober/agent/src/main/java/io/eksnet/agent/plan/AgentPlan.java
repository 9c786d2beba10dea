package io.eksnet.agent.plan;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What one agent probes for the controller.
 *
 * @param node the agent's
 * @param zone of that node, or empty if it is not known
 * @param kept suites of which the controller cannot say anything yet, as just after its start: the
 *     agent keeps what it has of them
 */
public record AgentPlan(
    String node, String zone, List<Assignment> assignments, Set<Assignment.Suite> kept) {
  /** More is not asked of an agent. */
  public static final int MAX_ASSIGNMENTS = 1_000;

  public AgentPlan {
    PlanValidation.node(node);
    PlanValidation.zone(zone);
    assignments = List.copyOf(assignments);
    kept = Set.copyOf(kept);
    if (assignments.size() > MAX_ASSIGNMENTS) {
      throw new IllegalArgumentException(
          "a plan has at most " + MAX_ASSIGNMENTS + " assignments, not " + assignments.size());
    }
  }

  /** A plan that keeps nothing. */
  public AgentPlan(String node, String zone, List<Assignment> assignments) {
    this(node, zone, assignments, Set.of());
  }

  /** What an agent does on this plan when it did {@code last} before. */
  public AgentPlan following(AgentPlan last) {
    var all = new ArrayList<>(assignments);
    var known = Set.copyOf(assignments);
    last.assignments().stream()
        .filter(before -> kept.contains(before.suite()) && !known.contains(before))
        .limit(MAX_ASSIGNMENTS - all.size())
        .forEach(all::add);
    return new AgentPlan(node, zone, all, kept);
  }

  /** The kept suites in their order. */
  public List<Assignment.Suite> keptInOrder() {
    return kept.isEmpty() ? List.of() : List.copyOf(EnumSet.copyOf(kept));
  }
}
