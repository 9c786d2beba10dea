package io.eksnet.model.diagnosis;

import io.eksnet.model.JsonName;
import java.util.List;

/** The recent results of one agent. */
public record AgentReport(
    String node, String zone, @JsonName("tracks") List<ResultWindow> windows, HostReport host) {
  public AgentReport {
    windows = List.copyOf(windows);
  }
}
