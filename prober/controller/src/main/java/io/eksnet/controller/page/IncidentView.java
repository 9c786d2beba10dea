package io.eksnet.controller.page;

import io.eksnet.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The data of the page of one incident.
 *
 * @param now the time of the data
 */
public record IncidentView(Incident incident, Instant now) {
  /** What it is, in words: its first root cause. */
  public String title() {
    var causes = incident.causes();
    var more = causes.size() - 1;
    return PageText.capital(causes.get(0).meaning())
        + (more > 0 ? ", and " + PageText.count(more, "more cause") : "");
  }

  public String asOf() {
    return PageText.timestamp(now);
  }

  /** From when to when, and how long. */
  public String period() {
    return period(incident.opened(), incident.closed());
  }

  /** The same, short: times of the day if it began in the last 24 hours. */
  String times() {
    var opened = incident.opened();
    var isRecent = opened.isAfter(now.minus(Duration.ofHours(24)));
    var from = isRecent ? PageText.minute(opened) : PageText.timestamp(opened);
    return incident
        .closed()
        .map(closed -> "from " + from + " to " + PageText.minute(closed))
        .orElse("open since " + from);
  }

  String period(Incident.Part part) {
    return PageText.capital(period(part.began(), part.ended()));
  }

  private String period(Instant from, Optional<Instant> to) {
    return to.map(
            end ->
                "from %s to %s, %s"
                    .formatted(
                        PageText.timestamp(from),
                        PageText.timestamp(end),
                        PageText.duration(Duration.between(from, end))))
        .orElseGet(
            () ->
                "open since %s, for %s"
                    .formatted(
                        PageText.timestamp(from), PageText.duration(Duration.between(from, now))));
  }

  /** Each level and when it was reached. */
  String confidence(Incident.Part part) {
    return part.confidence().stream()
        .map(sample -> "%d %% from %s".formatted(sample.percent(), PageText.clock(sample.at())))
        .collect(Collectors.joining(", "));
  }
}
