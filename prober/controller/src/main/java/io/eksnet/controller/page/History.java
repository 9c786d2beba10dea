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
public record History(ProbeHistory probes, List<Incident> incidents, List<Change> changes) {
  public static final History NONE = new History(ProbeHistory.NONE, List.of(), List.of());

  public History {
    incidents = List.copyOf(incidents);
    changes = List.copyOf(changes);
  }
}
