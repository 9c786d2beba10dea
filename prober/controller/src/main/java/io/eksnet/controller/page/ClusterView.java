package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All that the status page shows of a cluster at one moment.
 *
 * @param following why this replica cannot say how the cluster is; empty: it can
 * @param inventory what may be believed at {@code now}; empty: nothing was read yet
 * @param diagnosed when the findings were looked for last; empty: not yet
 * @param agents those heard of lately
 * @param freeAddresses what was kept of the free addresses of each subnet, oldest first
 * @param failures newest first
 */
public record ClusterView(
    Instant now,
    Optional<String> following,
    Optional<Inventory> inventory,
    Optional<Instant> diagnosed,
    List<Finding> findings,
    List<AgentReport> agents,
    Map<String, List<FreeAddresses.Sample>> freeAddresses,
    List<FailedRun> failures,
    ProberCost cost) {
  public ClusterView {
    findings = List.copyOf(findings);
    agents = List.copyOf(agents);
    freeAddresses = Map.copyOf(freeAddresses);
    failures = List.copyOf(failures);
  }

  /** What is known, nothing if nothing was read. */
  Inventory known() {
    return inventory.orElse(Inventory.EMPTY);
  }

  /** The findings that follow from no other. */
  List<Finding> causes() {
    return Causality.causes(findings);
  }

  /** The findings that another one explains. */
  List<Finding> consequences() {
    return Causality.consequences(findings);
  }

  /** The parts of which nothing may be believed; one that the cluster does not have is none. */
  List<Resource<?>> lacking() {
    return Resources.all().stream().filter(this::lacks).toList();
  }

  /** The agents there are of which nothing was heard. */
  List<Agent> silent() {
    var heard = agents.stream().map(agent -> agent.node()).collect(Collectors.toSet());
    return known().get(Resources.AGENTS).stream()
        .flatMap(fleet -> fleet.agents().stream())
        .filter(agent -> !heard.contains(agent.node()))
        .toList();
  }

  /** How many agents there should be beside those there are. */
  int missing() {
    return known()
        .get(Resources.AGENTS)
        .map(fleet -> Math.max(0, fleet.desired() - fleet.agents().size()))
        .orElse(0);
  }

  boolean lacks(Resource<?> part) {
    var known = known().known(part);
    return known.value().isEmpty()
        && known.lack().filter(lack -> lack.why() == Unavailable.Why.ABSENT).isEmpty();
  }
}
