package io.eksnet.lab;

import static io.eksnet.lab.ControlPageSection.escape;
import static java.util.stream.Collectors.joining;

import java.util.List;

/** The control page as HTML without scripts. */
final class ControlPageHtml {
  private ControlPageHtml() {}

  static String page(
      List<Lab.Description> services, String pageUrl, List<String> links, String section) {
    long faulty = services.stream().filter(service -> !service.healthy()).count();
    return """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Lab: %1$s</title>
        <link rel="stylesheet" href="/style.css">
        <header>
        <h1>Lab</h1>
        <p>A network on this machine whose servers have switchable faults. %2$s</p>
        %3$s
        </header>
        <main>
        %4$s
        <ul>
        %5$s
        </ul>
        <form method="post" action="/heal"><button>Clear all faults</button></form>
        </main>
        <footer>
        <h2>Command line</h2>
        <pre>curl -d fault=servfail %6$s/faults/dns
        curl -d fault=delay -d delay=300 %6$s/faults/http
        curl -d fault=none %6$s/faults/dns
        curl %6$s/api/services</pre>
        </footer>
        </html>
        """
        .formatted(
            faulty == 0 ? "all healthy" : faulty + " faulty",
            faulty == 0
                ? "All %d services are healthy.".formatted(services.size())
                : "%d of %d services have a fault.".formatted(faulty, services.size()),
            links(links),
            section,
            services.stream().map(ControlPageHtml::card).collect(joining("\n")),
            pageUrl);
  }

  private static String links(List<String> links) {
    if (links.isEmpty()) {
      return "";
    }
    return links.stream()
        .map(link -> "<a href=\"%1$s\">%1$s</a>".formatted(escape(link)))
        .collect(joining(" · ", "<p>eksnet: ", "</p>"));
  }

  private static String card(Lab.Description service) {
    return """
        <li id="%1$s" class="%2$s">
        <h2>%1$s</h2>
        <p><span class="dim">%3$s on</span> <code>%4$s</code></p>
        <p><span class="state">%5$s</span>: %6$s</p>
        <form method="post" action="/faults/%1$s">
        <label>Fault of %1$s<select name="fault">
        %7$s
        </select></label>
        <label class="short">Delay, ms<input type="number" name="delay" min="0" max="600000" value="%8$d"></label>
        <button aria-label="Set the fault of %1$s">Set</button>
        </form>
        </li>"""
        .formatted(
            escape(service.name()),
            service.healthy() ? "healthy" : "faulty",
            escape(service.purpose()),
            escape(String.join(" ", service.addresses())),
            service.healthy() ? "healthy" : escape(service.fault().label()),
            escape(service.fault().meaning()),
            service.faults().stream()
                .map(fault -> option(fault, fault.equals(service.fault())))
                .collect(joining("\n")),
            service.delayMillis());
  }

  private static String option(Fault fault, boolean selected) {
    return "<option value=\"%1$s\"%2$s>%1$s: %3$s</option>"
        .formatted(escape(fault.label()), selected ? " selected" : "", escape(fault.meaning()));
  }
}
