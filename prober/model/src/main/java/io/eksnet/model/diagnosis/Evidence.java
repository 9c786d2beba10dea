package io.eksnet.model.diagnosis;

import io.eksnet.model.inventory.Inventory;
import java.time.Instant;
import java.util.List;

/**
 * The input of a diagnosis: probe results of the agents, the inventory of Kubernetes and AWS, the
 * usual latency of paths, and the time.
 *
 * @param agents those that reported in the window; others are unknown, not failing
 * @param baselines of the paths whose usual latency is known
 */
public record Evidence(
    Instant now, Inventory inventory, List<AgentReport> agents, List<LatencyBaseline> baselines) {
  public Evidence {
    agents = List.copyOf(agents);
    baselines = List.copyOf(baselines);
  }

  /** Evidence in which the usual latency of all paths is unknown. */
  public Evidence(Instant now, Inventory inventory, List<AgentReport> agents) {
    this(now, inventory, agents, List.of());
  }
}
