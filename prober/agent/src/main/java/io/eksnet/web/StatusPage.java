package io.eksnet.web;

import static io.eksnet.web.Html.escape;

import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The page at {@code /}: what this is, where the rest is, what failed and what ran last. */
final class StatusPage {
  static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de;
        --ground: #fff; --bad: #a40e26; --good: #116329; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b3;
        --line: #30363d; --ground: #0d1117; --bad: #ff9a9a; --good: #7ee787; } }
      body { color: var(--ink); background: var(--ground); font: 1rem/1.5 system-ui, sans-serif;
        margin: 0 auto; max-width: 72rem; padding: 1rem; }
      h1 { margin: 0; } p, footer { color: var(--soft); } a { color: inherit; }
      nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
      nav a { display: inline-block; padding: .4rem 0; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; width: 100%; }
      caption { font-size: 1.25rem; font-weight: 600; padding: 1.25rem 0 .5rem; text-align: left; }
      th, td { border-bottom: 1px solid var(--line); padding: .4rem .75rem .4rem 0;
        text-align: left; vertical-align: top; overflow-wrap: anywhere; }
      th { color: var(--soft); font-weight: 600; }
      td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
      td.outcome { white-space: nowrap; }
      .bad { color: var(--bad); font-weight: 600; } .good { color: var(--good); }
      .verdict { font-size: 1.5rem; font-weight: 600; margin: .5rem 0; }
      @media (max-width: 48rem) {
        thead { position: absolute; clip-path: inset(50%); }
        tr { border-bottom: 1px solid var(--line); display: block; padding: .5rem 0; }
        td { border: 0; display: block; padding: 0; }
      }
      """;

  /** Nothing but the style above, and it only unchanged. */
  static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + Html.sha256(STYLE)
          + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final About about;
  private final Instant now;
  private final StringBuilder html = new StringBuilder(16_384);

  private StatusPage(About about, Instant now) {
    this.about = about;
    this.now = now;
  }

  static String html(
      About about,
      TargetsVerdict verdict,
      List<Observation> failures,
      List<Observation> latest,
      Instant now) {
    var page = new StatusPage(about, now);
    page.head(verdict);
    page.table("Recent failures", failures, "No target failed of late.");
    page.table("Latest results", latest, "Nothing has run yet.");
    page.foot();
    return page.html.toString();
  }

  private void head(TargetsVerdict verdict) {
    var name = escape(about.name());
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
        .append(name)
        .append("</title>\n<style>")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<header>\n<h1>")
        .append(name)
        .append("</h1>\n<p>Version ")
        .append(escape(about.version()))
        .append(".</p>\n<p class=\"verdict ")
        .append(verdict.clear() ? "good" : verdict.failing() > 0 ? "bad" : "")
        .append("\">")
        .append(verdict.text())
        .append("</p>\n<nav aria-label=\"Pages\"><ul>\n");
    link("metrics", "Metrics");
    link("config", "Config");
    link("api/v1/targets", "Targets (JSON)");
    link("api/v1/observations", "Observations (JSON)");
    link("-/healthy", "Health");
    link("-/ready", "Readiness");
    html.append("</ul></nav>\n</header>\n<main>\n");
  }

  /** Relative, so that it holds behind a proxy that adds a prefix. */
  private void link(String path, String text) {
    html.append("<li><a href=\"").append(path).append("\">").append(text).append("</a></li>\n");
  }

  private void table(String caption, List<Observation> rows, String none) {
    html.append("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"")
        .append(caption)
        .append("\">\n<table>\n<caption>")
        .append(caption)
        .append("</caption>\n<thead><tr>");
    for (var column : List.of("When", "Probe", "Target", "Outcome", "Took", "Detail")) {
      html.append("<th scope=\"col\">").append(column).append("</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
    rows.forEach(this::row);
    if (rows.isEmpty()) {
      html.append("<tr><td colspan=\"6\">").append(none).append("</td></tr>\n");
    }
    html.append("</tbody>\n</table>\n</div>\n");
  }

  private void row(Observation seen) {
    var at = seen.at().truncatedTo(ChronoUnit.SECONDS).toString();
    html.append("<tr><td class=\"number\"><time datetime=\"")
        .append(at)
        .append("\" title=\"")
        .append(at)
        .append("\">")
        .append(ago(Duration.between(seen.at(), now)))
        .append("</time></td><td>")
        .append(escape(TaskLabels.probe(seen.task())))
        .append("</td><td>")
        .append(escape(TaskLabels.target(seen.task())))
        .append("</td><td class=\"outcome ")
        .append(mark(seen))
        .append("\">")
        .append(seen.outcome().label())
        .append("</td><td class=\"number\">")
        .append(Trace.millis(seen.took()))
        .append("</td><td>")
        .append(escape(detail(seen.outcome())))
        .append("</td></tr>\n");
  }

  private void foot() {
    html.append("</main>\n<footer><p>As of <time datetime=\"")
        .append(now)
        .append("\">")
        .append(now.truncatedTo(ChronoUnit.SECONDS))
        .append("</time>, revision ")
        .append(escape(about.revision()))
        .append(".</p></footer>\n</body>\n</html>\n");
  }

  private static String mark(Observation seen) {
    return seen.outcome().fold(success -> "good", failure -> "bad", notRun -> "");
  }

  private static String detail(Outcome outcome) {
    return outcome.fold(
        success -> "",
        failure -> failure.phase().label() + ": " + failure.detail(),
        notRun -> notRun.reason().label());
  }

  static String ago(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + " s ago";
    }
    return seconds < 7200 ? seconds / 60 + " min ago" : seconds / 3600 + " h ago";
  }
}
