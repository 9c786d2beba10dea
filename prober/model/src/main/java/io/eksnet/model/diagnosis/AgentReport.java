package io.eksnet.model.diagnosis;

import java.time.Instant;
import java.util.List;

/**
 * What one agent saw lately.
 *
 * @param at when it was heard of last
 */
public record AgentReport(
    String node, String zone, Instant at, List<ResultWindow> tracks, HostReport host) {
  public AgentReport {
    tracks = List.copyOf(tracks);
  }
}
