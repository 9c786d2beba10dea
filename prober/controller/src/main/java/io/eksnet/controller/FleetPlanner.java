package io.eksnet.controller;

import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.config.Settings;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.plan.FleetPlan;
import io.eksnet.plan.ValidationError;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes the plans of all agents, and logs when what they leave out changes. */
public final class FleetPlanner {
  private static final Logger log = LoggerFactory.getLogger(FleetPlanner.class);

  private final ObjIntConsumer<String> dropped;
  private boolean initialized;
  private Map<Suite, Integer> overLimit = Map.of();
  private Set<ValidationError> errors = Set.of();

  /**
   * @param dropped takes each suite and the number of assignments over its limit when that changes;
   *     first 0 for all suites, so that Prometheus sees the increase
   */
  public FleetPlanner(ObjIntConsumer<String> dropped) {
    this.dropped = dropped;
  }

  /** The plans of all agents. May take long. */
  public FleetPlan plan(Settings settings, Inventory inventory) {
    var fleet = FleetPlan.of(settings, inventory);
    report(Set.copyOf(fleet.errors()));
    report(fleet.dropped());
    return fleet;
  }

  private synchronized void report(Map<Suite, Integer> now) {
    if (!initialized) {
      initialized = true;
      Stream.of(Suite.values()).forEach(suite -> dropped.accept(suite.label(), 0));
    }
    if (!now.equals(overLimit)) {
      overLimit = now;
      now.forEach(
          (suite, count) -> {
            log.atWarn()
                .addKeyValue("suite", suite.label())
                .addKeyValue("targets", count)
                .log("plan limit exceeded, targets not probed");
            dropped.accept(suite.label(), count);
          });
    }
  }

  private synchronized void report(Set<ValidationError> now) {
    now.stream()
        .filter(error -> !errors.contains(error))
        .forEach(
            error ->
                log.atWarn()
                    .addKeyValue("object", error.object())
                    .addKeyValue("field", error.field())
                    .addKeyValue("problem", error.problem())
                    .addKeyValue("remedy", error.remedy())
                    .log("left out of the plan"));
    errors = now;
  }
}
