package io.eksnet.lab;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** The control page as HTML; it needs no script. */
final class ControlHtml {
  static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #17202a; --dim: #55606b; --paper: #f5f6f8;
        --card: #fff; --line: #d5dae0; --well: #11703a; --ill: #b3261e; --act: #1d4ed8; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --dim: #a3adb8;
        --paper: #12161b; --card: #1b2128; --line: #38424d; --well: #6ddc9a; --ill: #ff9d94;
        --act: #9dbcff; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 72rem; color: var(--ink);
        background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; }
      h1 { margin: 0; font-size: 1.6rem; }
      h2 { margin: 0; font-size: 1.1rem; }
      p { margin: .25rem 0 .75rem; max-width: 44rem; }
      a { color: var(--act); }
      code, pre { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
      pre { padding: .75rem; overflow-x: auto; background: var(--card);
        border: 1px solid var(--line); border-radius: .5rem; }
      ul { margin: 1.25rem 0; padding: 0; display: grid; gap: 1rem; list-style: none;
        grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); }
      li { padding: 1rem; background: var(--card); border: 1px solid var(--line);
        border-left: .375rem solid var(--well); border-radius: .5rem; }
      li.ill { border-left-color: var(--ill); }
      li:target { outline: 2px solid var(--act); }
      .dim { color: var(--dim); }
      .state { font-weight: 600; color: var(--well); }
      .ill .state { color: var(--ill); }
      .acts { display: flex; flex-wrap: wrap; gap: .5rem; }
      label { display: block; margin-top: .5rem; font-size: .875rem; color: var(--dim); }
      form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
      form > label { flex: 1 1 10rem; margin: 0; }
      form > label.short { flex: 0 1 6rem; }
      select, input, button { width: 100%; min-height: 2.75rem; padding: .25rem .5rem;
        font: inherit; color: var(--ink); background: var(--paper);
        border: 1px solid var(--dim); border-radius: .375rem; }
      button { width: auto; padding: .25rem 1rem; font-weight: 600; color: var(--card);
        background: var(--act); border-color: var(--act); cursor: pointer; }
      :focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
      """;

  private ControlHtml() {}

  static String page(
      List<Lab.Description> services, String self, List<String> links, Section section) {
    return """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <link rel="stylesheet" href="/style.css">
        <header>
        <h1>The lab</h1>
        <p>A network on this machine with a switch for every fault. %s</p>
        %s
        </header>
        <main>
        %s
        <ul>
        %s
        </ul>
        <form method="post" action="/heal"><button>Heal everything</button></form>
        </main>
        <footer>
        <h2>From a terminal</h2>
        <pre>curl -d fault=servfail %s/faults/dns
        curl -d fault=delay -d delay=300 %s/faults/http
        curl -d fault=none %s/faults/dns
        curl %s/api/services</pre>
        </footer>
        </html>
        """
        .formatted(
            title(services),
            verdict(services),
            links(links),
            section.html(self),
            services.stream().map(ControlHtml::card).collect(joining("\n")),
            self,
            self,
            self,
            self);
  }

  private static String title(List<Lab.Description> services) {
    long ill = ill(services);
    return ill == 0 ? "The lab: all healthy" : "The lab: " + ill + " faulty";
  }

  private static String verdict(List<Lab.Description> services) {
    long ill = ill(services);
    return ill == 0
        ? "All %d services are healthy.".formatted(services.size())
        : "%d of %d services have a fault.".formatted(ill, services.size());
  }

  private static long ill(List<Lab.Description> services) {
    return services.stream().filter(service -> !service.healthy()).count();
  }

  private static String links(List<String> links) {
    if (links.isEmpty()) {
      return "";
    }
    return links.stream()
        .map(link -> "<a href=\"%s\">%s</a>".formatted(Html.escaped(link), Html.escaped(link)))
        .collect(joining(" · ", "<p>eksnet watches it: ", "</p>"));
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
        <button aria-label="Switch %1$s">Switch</button>
        </form>
        </li>"""
        .formatted(
            Html.escaped(service.name()),
            service.healthy() ? "well" : "ill",
            Html.escaped(service.purpose()),
            Html.escaped(String.join(" ", service.addresses())),
            service.healthy() ? "healthy" : Html.escaped(service.fault().label()),
            Html.escaped(service.fault().meaning()),
            options(service),
            service.delayMillis());
  }

  private static String options(Lab.Description service) {
    return service.faults().stream()
        .map(
            fault ->
                "<option value=\"%s\"%s>%s: %s</option>"
                    .formatted(
                        Html.escaped(fault.label()),
                        fault.equals(service.fault()) ? " selected" : "",
                        Html.escaped(fault.label()),
                        Html.escaped(fault.meaning())))
        .collect(joining("\n"));
  }
}
