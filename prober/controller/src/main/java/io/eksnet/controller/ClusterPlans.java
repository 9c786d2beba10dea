package io.eksnet.controller;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.config.Settings;
import io.eksnet.config.Suites;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.plan.FleetPlan;
import io.eksnet.plan.ValidationError;
import io.eksnet.web.PlanJson;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plans of a cluster; what they leave out is logged when it changes. */
public final class ClusterPlans implements Planner {
  private static final Logger log = LoggerFactory.getLogger(ClusterPlans.class);

  private final AllowedTargets reach;
  private final int agentPort;
  private final ObjIntConsumer<String> dropped;
  private boolean planned;
  private Map<Suite, Integer> beyond = Map.of();
  private Set<ValidationError> objections = Set.of();

  /**
   * @param dropped hears of each suite and how much of it the bounds left out, when that changes;
   *     of all with the first plans, so that an increase is seen
   */
  ClusterPlans(AllowedTargets reach, int agentPort, ObjIntConsumer<String> dropped) {
    this.reach = reach;
    this.agentPort = agentPort;
    this.dropped = dropped;
  }

  /** The plans of a cluster with these settings. */
  public static ClusterPlans of(Settings settings, ObjIntConsumer<String> dropped) {
    return new ClusterPlans(
        new AllowedTargets(settings.controller().loopback()),
        settings.controller().agentPort(),
        dropped);
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

  private synchronized void tell(Set<ValidationError> now) {
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
