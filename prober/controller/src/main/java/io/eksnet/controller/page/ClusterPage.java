package io.eksnet.controller.page;

import io.eksnet.web.Html;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** The status page of a cluster. */
public final class ClusterPage {
  private static final String LINKS =
      """
      <nav aria-label="Pages"><ul>
      <li><a href="metrics">Metrics</a></li>
      <li><a href="config">Config</a></li>
      <li><a href="api/v1/targets">Targets (JSON)</a></li>
      <li><a href="api/v1/observations">Observations (JSON)</a></li>
      <li><a href="api/v1/inventory">Inventory (JSON)</a></li>
      <li><a href="-/healthy">Health</a></li>
      <li><a href="-/ready">Readiness</a></li>
      </ul></nav>
      """;

  private ClusterPage() {}

  /** The whole page. */
  public static String html(ClusterView view, String name, String version, String revision) {
    var html = new Html(65_536);
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .element("title", name)
        .raw("\n<style>" + Theme.STYLE + "</style>\n</head>\n<body>\n<header>\n")
        .element("h1", name)
        .raw("\n<p id=\"live\" class=\"soft\" data-build=\"" + build() + "\">As of ")
        .raw("<time id=\"as-of\">" + clock(view) + "</time> UTC<span id=\"lost\" role=\"status\">")
        .raw("</span><noscript>. Reload for what is new.</noscript></p>\n</header>\n<main>\n");
    sections(view).values().forEach(html::raw);
    html.raw("</main>\n<footer>\n" + LINKS + "<p>Version ")
        .text(version)
        .raw(", revision ")
        .text(revision)
        .raw(".</p></footer>\n<script>" + Theme.SCRIPT + "</script>\n</body>\n</html>\n");
    return html.toString();
  }

  /** The parts of the page that change, by their id, in their order. */
  public static Map<String, String> sections(ClusterView view) {
    var sections = new LinkedHashMap<String, String>();
    Section.ALL.forEach(section -> sections.put(section.id(), section.html(view)));
    return sections;
  }

  /** The time of day that the page tells. */
  public static String clock(ClusterView view) {
    return view.now().truncatedTo(ChronoUnit.SECONDS).toString().substring(11, 19);
  }

  /** Another one for another style or script: a page of an older program loads itself anew. */
  public static String build() {
    return Integer.toHexString((Theme.STYLE + Theme.SCRIPT).hashCode());
  }
}
