package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.web.Html;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Each subnet with its free addresses, the fullest first. */
final class SubnetsSection {
  private static final int MOST = 100;

  private SubnetsSection() {}

  static void write(Html html, ClusterView view) {
    var known = view.known().known(Resources.SUBNETS);
    if (known.value().isEmpty()) {
      UnavailableNote.write(html, known);
      return;
    }
    var subnets = known.value().get();
    if (subnets.isEmpty()) {
      html.element("p", "The cluster has none.");
      return;
    }
    html.raw(
        "<div class=\"wide\" role=\"region\" tabindex=\"0\" id=\"subnet-table\""
            + " aria-label=\"Table of subnets\"><table class=\"cards\"><thead><tr>"
            + "<th scope=\"col\">Subnet</th><th scope=\"col\">Used as</th>"
            + "<th scope=\"col\">Free</th><th scope=\"col\">Over time</th>"
            + "<th scope=\"col\">Forecast</th></tr></thead>\n<tbody>\n");
    var wrong =
        view.findings().stream()
            .map(Finding::scope)
            .filter(scope -> scope.startsWith("subnet/"))
            .collect(Collectors.toSet());
    subnets.stream()
        .sorted(Comparator.comparingDouble(SubnetsSection::ratio).thenComparing(Subnet::id))
        .limit(MOST)
        .forEach(subnet -> row(html, subnet, view, wrong));
    html.raw("</tbody></table></div>\n");
    if (subnets.size() > MOST) {
      html.element("p", "And " + (subnets.size() - MOST) + " with more free addresses.");
    }
  }

  private static void row(Html html, Subnet subnet, ClusterView view, Set<String> wrong) {
    var samples = view.freeAddresses().getOrDefault(subnet.id(), List.of());
    var bad = wrong.contains("subnet/" + subnet.id());
    html.raw("<tr id=\"" + Html.id("subnet", subnet.id()) + "\"><th scope=\"row\">");
    if (bad) {
      html.sign(HealthState.FAILING);
    }
    html.text(subnet.id())
        .raw("<span class=\"soft\"> ")
        .text(subnet.zone() + ", " + subnet.cidr())
        .raw("</span></th><td data-of=\"Used as\">")
        .text(roles(subnet))
        .raw("</td><td data-of=\"Free\" class=\"" + (bad ? "bad" : "") + "\">")
        .text(subnet.available() + " of " + subnet.usable() + ", " + percent(subnet))
        .raw(" ");
    Bar.write(html, ratio(subnet));
    view.known()
        .get(Resources.FREE_PREFIXES)
        .flatMap(free -> Optional.ofNullable(free.get(subnet.id())))
        .ifPresent(
            free -> html.element("span class=\"soft\"", PageText.count(free, "free /28 block")));
    html.raw("</td><td data-of=\"Over time\">");
    Bar.line(html, samples, subnet.usable());
    html.raw("</td><td data-of=\"Forecast\">")
        .text(PageText.capital(Forecast.of(samples).text()))
        .raw("</td></tr>\n");
  }

  private static String roles(Subnet subnet) {
    return subnet.roles().isEmpty()
        ? "nothing"
        : subnet.roles().stream()
            .sorted()
            .map(role -> role.label().replace('_', ' '))
            .collect(Collectors.joining(", "));
  }

  private static double ratio(Subnet subnet) {
    return Math.max(0, Math.min(1, (double) subnet.available() / subnet.usable()));
  }

  /** Rounded down: only none is 0 %, only all is 100 %. */
  private static String percent(Subnet subnet) {
    var percent = (int) Math.floor(ratio(subnet) * 100);
    return percent == 0 && subnet.available() > 0 ? "under 1 %" : percent + " %";
  }
}
