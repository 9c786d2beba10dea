package io.eksnet.controller.metrics;

import io.eksnet.incident.Incident;
import io.eksnet.metrics.Catalogue;
import io.eksnet.metrics.MetricFactory;
import io.eksnet.model.diagnosis.RootCause;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Open incidents as metrics. */
public final class IncidentMeters {
  private final Gauge open;
  private Set<RootCause> exported = Set.of();

  IncidentMeters(MetricFactory instruments) {
    open = instruments.gauge(Catalogue.INCIDENT_OPEN);
  }

  /** Sets the incidents that are open now. */
  public synchronized void update(List<Incident> incidents) {
    Map<RootCause, Long> counts =
        incidents.stream()
            .flatMap(incident -> incident.causes().stream())
            .collect(Collectors.groupingBy(cause -> cause, Collectors.counting()));
    counts.forEach(
        (cause, count) -> open.labelValues(cause.label(), cause.layer().label()).set(count));
    exported.stream()
        .filter(cause -> !counts.containsKey(cause))
        .forEach(cause -> open.remove(cause.label(), cause.layer().label()));
    exported = counts.keySet();
  }

  /** Removes all series: another replica leads. */
  public synchronized void clear() {
    update(List.of());
  }
}
