package io.eksnet.controller.page;

import io.eksnet.diagnosis.Findings;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.plan.ValidationError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The data of the status page at one moment.
 *
 * @param cluster its name, or empty
 * @param following why this replica has no data of the cluster; empty: it leads
 * @param inventory fresh values only; empty: nothing was read yet
 * @param diagnosed the time of the last diagnosis; empty: none yet
 * @param findings what is wrong
 * @param since when a finding began
 * @param notices what needs attention some day
 * @param ignored what the config switches off
 * @param notProbed what the plans leave out because it is not valid
 * @param agents that reported recently
 * @param freeAddresses samples by subnet ID, oldest first
 * @param failures newest first
 * @param history what happened in the last 24 hours
 */
public record ClusterView(
    Instant now,
    String cluster,
    Optional<String> following,
    Optional<Inventory> inventory,
    Optional<Instant> diagnosed,
    List<Finding> findings,
    Map<Finding, Instant> since,
    List<Finding> notices,
    List<Findings.Ignored> ignored,
    List<ValidationError> notProbed,
    List<AgentReport> agents,
    Map<String, List<FreeAddresses.Sample>> freeAddresses,
    List<FailedRun> failures,
    ClusterHistory history,
    ProberCost cost) {
  public ClusterView {
    findings = List.copyOf(findings);
    since = Map.copyOf(since);
    notices = List.copyOf(notices);
    ignored = List.copyOf(ignored);
    notProbed = List.copyOf(notProbed);
    agents = List.copyOf(agents);
    freeAddresses = Map.copyOf(freeAddresses);
    failures = List.copyOf(failures);
  }

  Optional<Instant> since(Finding finding) {
    return Optional.ofNullable(since.get(finding));
  }

  Inventory known() {
    return inventory.orElse(Inventory.EMPTY);
  }

  /** The version of Kubernetes, or empty. */
  String version() {
    return known()
        .get(Resources.CLUSTER)
        .map(EksCluster::version)
        .filter(version -> !version.isEmpty())
        .map(version -> "Kubernetes " + version)
        .orElse("");
  }

  /** The findings that no other finding explains. */
  List<Finding> causes() {
    return Causality.causes(findings);
  }

  /** The findings that another finding explains. */
  List<Finding> consequences() {
    return Causality.consequences(findings);
  }

  /** Why there is no cause. */
  String noCause() {
    if (following.isPresent()) {
      return "Unknown on this replica.";
    }
    return diagnosed.isEmpty() ? "Unknown: no diagnosis yet." : "No root causes found.";
  }

  /** The resource types without a value, except those that the cluster does not have. */
  List<Resource<?>> unavailable() {
    return Resources.unknownIn(known());
  }

  boolean isUnavailable(Resource<?> resource) {
    return known().isUnknown(resource);
  }

  String unavailableDetail(Resource<?> resource) {
    return known().snapshot(resource).unavailable().orElse(Unavailable.NOT_YET).detail();
  }

  /** The agents of the inventory that have not reported recently. */
  List<Agent> notReporting() {
    var reporting = agents.stream().map(agent -> agent.node()).collect(Collectors.toSet());
    return known().get(Resources.AGENTS).stream()
        .flatMap(fleet -> fleet.agents().stream())
        .filter(agent -> !reporting.contains(agent.node()))
        .toList();
  }

  /** How many agents are desired but do not exist. */
  int missingAgents() {
    return known()
        .get(Resources.AGENTS)
        .map(fleet -> Math.max(0, fleet.desired() - fleet.agents().size()))
        .orElse(0);
  }
}
