package io.eksnet.controller.page;

import io.eksnet.incident.Change;
import io.eksnet.incident.Incident;
import java.util.List;

/**
 * What happened before.
 *
 * @param incidents oldest first
 * @param changes of the last 24 hours, oldest first
 */
public record ClusterHistory(ProbeHistory probes, List<Incident> incidents, List<Change> changes) {
  public static final ClusterHistory NONE =
      new ClusterHistory(ProbeHistory.NONE, List.of(), List.of());

  public ClusterHistory {
    incidents = List.copyOf(incidents);
    changes = List.copyOf(changes);
  }
}
