package io.eksnet.model.diagnosis;

import io.eksnet.model.JsonName;
import java.time.Instant;
import java.util.List;

/**
 * The recent results of one agent.
 *
 * @param at when it last reported
 */
public record AgentReport(
    String node,
    String zone,
    Instant at,
    @JsonName("tracks") List<ResultWindow> windows,
    HostReport host) {
  public AgentReport {
    windows = List.copyOf(windows);
  }
}
