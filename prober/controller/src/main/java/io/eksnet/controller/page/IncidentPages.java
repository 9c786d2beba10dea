package io.eksnet.controller.page;

import static io.eksnet.web.HtmlOutput.render;

import io.eksnet.incident.Incident;
import io.eksnet.web.About;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** The list of incidents and the page of each. They have no script. */
public final class IncidentPages {
  private IncidentPages() {}

  /** The page behind a permanent link. */
  public static String incident(Incident incident, Instant now, About about) {
    return render(
        (out, tags) ->
            JteincidentGenerated.render(
                out, tags, about, ClusterPage.style(), new IncidentView(incident, now)));
  }

  /** All incidents, the newest first. */
  public static String list(List<Incident> incidents, Instant now, About about) {
    var views =
        incidents.stream()
            .sorted(Comparator.comparing(Incident::opened).reversed())
            .map(incident -> new IncidentView(incident, now))
            .toList();
    return render(
        (out, tags) ->
            JteincidentsGenerated.render(
                out, tags, about, ClusterPage.style(), views, PageText.timestamp(now)));
  }
}
