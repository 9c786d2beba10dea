package io.eksnet.controller.page;

import io.eksnet.incident.Change;
import io.eksnet.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The last 24 hours on one axis: failed probes, incidents and changes. All lengths are in units of
 * the drawing.
 *
 * @param end of the axis: a whole minute, so that the page changes once a minute
 */
record Timeline(Layout layout, Instant end, ClusterHistory history) {
  private static final double MAX_BAR = 18;
  private static final double MIN_BAR = 2;
  private static final double MIN_INCIDENT = 6;
  private static final double CHANGE_RADIUS = 6;
  private static final double LABEL_WIDTH = 36;
  private static final int MAX_LISTED = 3;

  /**
   * How it is drawn.
   *
   * @param style a class of the style sheet
   * @param left where the axis begins
   * @param bars the baseline of failed probes
   * @param incidents the baseline of incidents
   * @param changes the line of changes
   * @param labels the baselines of the labels of these three
   * @param tickHours between two labels of the axis
   * @param characters how many a title has room for
   */
  record Layout(
      String style,
      int width,
      int height,
      int left,
      int bars,
      int incidents,
      int changes,
      List<Integer> labels,
      int tickHours,
      int characters) {
    static final Layout WIDE =
        new Layout("wide", 1232, 96, 92, 26, 50, 66, List.of(22, 47, 70), 3, 70);

    /** Beside the path of a request. */
    static final Layout MEDIUM =
        new Layout("wide", 816, 96, 92, 26, 50, 66, List.of(22, 47, 70), 3, 60);

    static final Layout NARROW =
        new Layout("narrow", 328, 128, 0, 38, 70, 98, List.of(14, 52, 88), 6, 30);

    int axis() {
      return height - 20;
    }
  }

  /** Something at {@code x}, or from there to the right. */
  record Mark(String x, String middle, String width, String text) {}

  static Timeline of(Layout layout, Instant now, ClusterHistory history) {
    return new Timeline(layout, now.plusSeconds(59).truncatedTo(ChronoUnit.MINUTES), history);
  }

  private Instant start() {
    return end.minus(ProbeHistory.SPAN);
  }

  private double x(Instant at) {
    var share = (double) Duration.between(start(), at).toSeconds() / ProbeHistory.SPAN.toSeconds();
    return layout.left() + Math.min(1, Math.max(0, share)) * (layout.width() - layout.left());
  }

  /** The full hours. */
  List<Mark> ticks() {
    var marks = new ArrayList<Mark>();
    var hour = start().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    for (; hour.isBefore(end); hour = hour.plus(1, ChronoUnit.HOURS)) {
      var time = hour.atOffset(ZoneOffset.UTC).getHour();
      if (time % layout.tickHours() == 0) {
        var x = x(hour);
        var hasRoom = x > layout.left() + LABEL_WIDTH / 2 && x < layout.width() - 1.5 * LABEL_WIDTH;
        marks.add(mark(x, 0, hasRoom ? "%02d:00".formatted(time) : ""));
      }
    }
    return marks;
  }

  /** The times without data. */
  List<Mark> gaps() {
    var marks = new ArrayList<Mark>();
    var known = start();
    for (var quarter : history.probes().quarters()) {
      if (quarter.start().isAfter(known)) {
        marks.add(gap(known, quarter.start()));
      }
      var until = quarter.start().plus(ProbeHistory.QUARTER);
      known = until.isAfter(known) ? until : known;
    }
    if (known.isBefore(end)) {
      marks.add(gap(known, end));
    }
    return marks;
  }

  private Mark gap(Instant from, Instant to) {
    var width = x(to) - x(from);
    return mark(x(from), width, width > 2 * LABEL_WIDTH ? "no data" : "");
  }

  /** The path of the failed probes: one vertical line for each quarter. */
  String bars() {
    var path = new StringBuilder();
    for (var quarter : history.probes().quarters()) {
      var ratio = quarter.share().ratio();
      if (ratio > 0 && quarter.start().isBefore(end)) {
        path.append(
            "M%s %dv-%s"
                .formatted(
                    units(x(quarter.start()) + barWidth() / 2),
                    layout.bars(),
                    units(Math.max(MIN_BAR, ratio * MAX_BAR))));
      }
    }
    return path.toString();
  }

  private double barWidth() {
    return (double) (layout.width() - layout.left())
        * ProbeHistory.QUARTER.toSeconds()
        / ProbeHistory.SPAN.toSeconds();
  }

  /** The width of the bars. */
  String stroke() {
    return units(barWidth());
  }

  /** The incidents, and what the last one is. */
  List<Mark> incidents() {
    return recentIncidents().map(this::incident).toList();
  }

  private Mark incident(Incident incident) {
    var to = x(incident.closed().orElse(end));
    var from = Math.min(x(incident.opened()), layout.width() - MIN_INCIDENT);
    return mark(from, Math.max(MIN_INCIDENT, to - from), title(incident));
  }

  private String title(Incident incident) {
    var title = new IncidentView(incident, end).title();
    var isLong = title.length() > layout.characters();
    return (isLong ? title.substring(0, layout.characters()) + "…" : title)
        + (incident.isOpen() ? ", open" : ", closed");
  }

  private Stream<Incident> recentIncidents() {
    return history.incidents().stream()
        .filter(incident -> incident.closed().map(at -> at.isAfter(start())).orElse(true));
  }

  /** Where changes are. */
  List<Mark> changes() {
    return recentChanges()
        .map(change -> Math.min(x(change.at()), layout.width() - CHANGE_RADIUS))
        .map(x -> mark(x, 0, ""))
        .distinct()
        .toList();
  }

  private Stream<Change> recentChanges() {
    return history.changes().stream().filter(change -> change.at().isAfter(start()));
  }

  Truncated<IncidentView> latestIncidents() {
    return latest(recentIncidents().map(incident -> new IncidentView(incident, end)));
  }

  Truncated<Change> latestChanges() {
    return latest(recentChanges());
  }

  /** The newest first. */
  private static <T> Truncated<T> latest(Stream<T> oldestFirst) {
    var all = new ArrayList<>(oldestFirst.toList());
    Collections.reverse(all);
    return Truncated.of(all, MAX_LISTED);
  }

  /** What the drawing shows, in words. */
  String description() {
    var incidents = recentIncidents().toList();
    var open = incidents.stream().filter(Incident::isOpen).count();
    return "Last 24 hours: %s, %s, %s%s."
        .formatted(
            PageText.count(open, "open incident"),
            PageText.count(incidents.size() - open, "closed incident"),
            PageText.count(recentChanges().count(), "change"),
            failures());
  }

  private String failures() {
    var quarters = history.probes().quarters();
    if (quarters.isEmpty()) {
      return ", no data of probes";
    }
    var failing = quarters.stream().filter(quarter -> quarter.share().failed() > 0).toList();
    var since = quarters.get(0).start();
    return (failing.isEmpty()
            ? ", no failed probes"
            : ", failed probes in %s of an hour, the last at %s"
                .formatted(
                    PageText.count(failing.size(), "quarter"),
                    PageText.minute(failing.get(failing.size() - 1).start())))
        + (since.isAfter(start()) ? ", no data before " + PageText.minute(since) : "");
  }

  private static Mark mark(double x, double width, String text) {
    return new Mark(units(x), units(x + width / 2), units(width), text);
  }

  private static String units(double length) {
    return String.format(Locale.ROOT, "%.1f", length);
  }
}
