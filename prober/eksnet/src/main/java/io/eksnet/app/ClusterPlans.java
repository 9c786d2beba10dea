package io.eksnet.app;

import io.eksnet.config.Suites;
import io.eksnet.core.Task;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.plan.AgentPlan;
import io.eksnet.plan.AssignedTasks;
import io.eksnet.plan.Assignment.Suite;
import io.eksnet.plan.FleetPlan;
import io.eksnet.plan.Objection;
import io.eksnet.plan.Reach;
import io.eksnet.web.PlanJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plans of a cluster; what they leave out is logged when it changes. */
final class ClusterPlans implements PlanLanguage {
  private static final Logger log = LoggerFactory.getLogger(ClusterPlans.class);

  private final Reach reach;
  private final int agentPort;
  private final boolean agentsServeTls;
  private final ObjIntConsumer<String> dropped;
  private boolean planned;
  private Map<Suite, Integer> beyond = Map.of();
  private Set<Objection> objections = Set.of();

  /**
   * @param agentsServeTls whether agents answer over TLS, as this process does
   * @param dropped hears of each suite and how much of it the bounds left out, when that changes;
   *     of all with the first plans, so that an increase is seen
   */
  ClusterPlans(Reach reach, int agentPort, boolean agentsServeTls, ObjIntConsumer<String> dropped) {
    this.reach = reach;
    this.agentPort = agentPort;
    this.agentsServeTls = agentsServeTls;
    this.dropped = dropped;
  }

  @Override
  public Function<String, Optional<AgentPlan>> plans(Suites suites, Inventory inventory) {
    var fleet = FleetPlan.of(suites, inventory, reach, agentPort);
    tell(Set.copyOf(fleet.objections()));
    tell(fleet.dropped());
    return fleet::forNode;
  }

  @Override
  public String write(AgentPlan plan) {
    return PlanJson.write(plan);
  }

  @Override
  public AgentPlan read(String json) {
    return PlanJson.read(json, reach);
  }

  @Override
  public AgentPlan following(AgentPlan plan, AgentPlan last) {
    return plan.following(last);
  }

  @Override
  public List<Task> tasks(AgentPlan plan, Suites suites) {
    return AssignedTasks.of(plan, suites, agentsServeTls);
  }

  private synchronized void tell(Map<Suite, Integer> now) {
    if (!planned) {
      planned = true;
      Stream.of(Suite.values()).forEach(suite -> dropped.accept(suite.label(), 0));
    }
    if (!now.equals(beyond)) {
      beyond = now;
      now.forEach(
          (suite, many) -> {
            log.atWarn()
                .addKeyValue("suite", suite.label())
                .addKeyValue("many", many)
                .log("beyond the bounds of plans, not probed");
            dropped.accept(suite.label(), many);
          });
    }
  }

  private synchronized void tell(Set<Objection> now) {
    now.stream()
        .filter(objection -> !objections.contains(objection))
        .forEach(
            objection ->
                log.atWarn()
                    .addKeyValue("object", objection.object())
                    .addKeyValue("field", objection.field())
                    .addKeyValue("wrong", objection.wrong())
                    .addKeyValue("remedy", objection.remedy())
                    .log("left out of the plan"));
    objections = now;
  }
}
