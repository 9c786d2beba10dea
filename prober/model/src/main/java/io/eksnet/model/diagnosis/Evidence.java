package io.eksnet.model.diagnosis;

import io.eksnet.model.inventory.Inventory;
import java.time.Instant;
import java.util.List;

/**
 * All that a diagnosis is made of: what the agents saw, what Kubernetes and AWS know, and the time.
 *
 * @param agents those heard of in the window; others are unknown, not failing
 */
public record Evidence(Instant now, Inventory inventory, List<AgentReport> agents) {
  public Evidence {
    agents = List.copyOf(agents);
  }
}
