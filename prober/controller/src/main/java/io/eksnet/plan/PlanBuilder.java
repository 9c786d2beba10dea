package io.eksnet.plan;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.Assignment;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.model.inventory.Agent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Collects the plans of all agents. */
final class PlanBuilder {
  private final AllowedTargets reach;
  private final Set<String> reservedLabels;
  private final Map<String, List<Assignment>> byNode = new TreeMap<>();
  private final Set<ValidationError> errors = new LinkedHashSet<>();
  private final Map<Suite, Integer> dropped = new EnumMap<>(Suite.class);
  private final Set<Suite> kept = EnumSet.noneOf(Suite.class);

  /**
   * @param reservedLabels of every series, which those of an assignment cannot have
   */
  PlanBuilder(AllowedTargets reach, Set<String> reservedLabels) {
    this.reach = reach;
    this.reservedLabels = reservedLabels;
  }

  /**
   * The assignment, if it is valid and its target is allowed; else a validation error is recorded.
   */
  <A extends Assignment> Optional<A> allowed(String object, String field, Supplier<A> wording) {
    try {
      var assignment = wording.get();
      var taken =
          assignment.labels().keySet().stream().filter(reservedLabels::contains).findFirst();
      if (taken.isPresent()) {
        report(
            new ValidationError(
                object,
                field,
                "has the label " + taken.get() + ", which the key labels gives to every series",
                "remove one of them"));
        return Optional.empty();
      }
      var objection = reach.objection(assignment);
      objection.ifPresent(
          problem ->
              report(
                  new ValidationError(object, field, problem, "give an address of the network")));
      return objection.isPresent() ? Optional.empty() : Optional.of(assignment);
    } catch (IllegalArgumentException e) {
      report(new ValidationError(object, field, String.valueOf(e.getMessage()), "correct it"));
      return Optional.empty();
    }
  }

  void give(Collection<Agent> agents, Assignment assignment) {
    agents.forEach(agent -> give(agent, assignment));
  }

  void give(Agent agent, Assignment assignment) {
    var list = byNode.computeIfAbsent(agent.node(), node -> new ArrayList<>());
    if (list.size() < AgentPlan.MAX_ASSIGNMENTS) {
      list.add(assignment);
    } else {
      drop(assignment.suite(), 1);
    }
  }

  /** The first {@code max}; the others are counted as left out. */
  <T> List<T> first(int max, List<T> all, Suite suite) {
    if (all.size() <= max) {
      return all;
    }
    drop(suite, all.size() - max);
    return all.subList(0, max);
  }

  void report(ValidationError error) {
    errors.add(error);
  }

  void keep(Suite suite) {
    kept.add(suite);
  }

  FleetPlan plan(AgentSet fleet) {
    var plans = new TreeMap<String, AgentPlan>();
    for (var agent : fleet.agents()) {
      plans.put(
          agent.node(),
          new AgentPlan(
              agent.node(), agent.zone(), byNode.getOrDefault(agent.node(), List.of()), kept));
    }
    return new FleetPlan(plans, List.copyOf(errors), dropped);
  }

  private void drop(Suite suite, int many) {
    dropped.merge(suite, many, Integer::sum);
  }
}
