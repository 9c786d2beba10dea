package io.eksnet.model.inventory;

import java.util.List;

/** The agents of eksnet: how many there should be, and which there are. */
public record AgentFleet(int desired, List<Agent> agents) {
  public AgentFleet {
    agents = List.copyOf(agents);
  }
}
