package io.eksnet.web;

import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The status page of an agent, as {@code agent.jte} shows it. */
record StatusPage(
    About about, TargetsVerdict verdict, List<Row> failures, List<Row> latest, String asOf) {
  static final PageAssets ASSETS = PageAssets.load(StatusPage.class, "agent.css");

  StatusPage {
    failures = List.copyOf(failures);
    latest = List.copyOf(latest);
  }

  /** One line of a table of results. */
  record Row(
      String at,
      String age,
      String probe,
      String target,
      String outcome,
      String style,
      String took,
      String detail) {
    static Row of(Observation observation, Instant now) {
      var outcome = observation.outcome();
      return new Row(
          timestamp(observation.at()),
          elapsed(Duration.between(observation.at(), now)),
          TaskLabels.probe(observation.task()),
          TaskLabels.target(observation.task()),
          outcome.label(),
          outcome.fold(success -> "good", failure -> "bad", notRun -> ""),
          TraceText.millis(observation.took()),
          outcome.fold(
              success -> "",
              failure -> failure.phase().label() + ": " + failure.detail(),
              Outcome.NotRun::text));
    }
  }

  static StatusPage of(
      About about,
      TargetsVerdict verdict,
      List<Observation> failures,
      List<Observation> latest,
      Instant now) {
    return new StatusPage(about, verdict, rows(failures, now), rows(latest, now), timestamp(now));
  }

  String html() {
    return HtmlOutput.render((out, tags) -> JteagentGenerated.render(out, tags, this));
  }

  String style() {
    return ASSETS.style();
  }

  private static List<Row> rows(List<Observation> observations, Instant now) {
    return observations.stream().map(observation -> Row.of(observation, now)).toList();
  }

  private static String timestamp(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String elapsed(Duration age) {
    var seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + " s ago";
    }
    return seconds < 7200 ? seconds / 60 + " min ago" : seconds / 3600 + " h ago";
  }
}
