package io.eksnet.model.diagnosis;

import io.eksnet.model.inventory.Inventory;
import java.time.Instant;
import java.util.List;

/**
 * The input of a diagnosis: probe results of the agents, the inventory of Kubernetes and AWS, and
 * the time.
 *
 * @param agents those that reported in the window; others are unknown, not failing
 */
public record Evidence(Instant now, Inventory inventory, List<AgentReport> agents) {
  public Evidence {
    agents = List.copyOf(agents);
  }
}
