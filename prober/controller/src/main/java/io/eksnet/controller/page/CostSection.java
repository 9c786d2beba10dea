package io.eksnet.controller.page;

import io.eksnet.web.Html;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the prober itself costs. */
final class CostSection {
  private CostSection() {}

  static void write(Html html, ClusterView view) {
    var cost = view.cost();
    html.raw("<dl class=\"facts\">");
    fact(html, "CPU since start", rate(cost.cpuSeconds(), " s"));
    fact(
        html,
        "Memory",
        cost.residentBytes().isPresent()
            ? Optional.of(PageText.bytes(cost.residentBytes().getAsLong()))
            : Optional.empty());
    fact(html, "Probes", rate(cost.probesPerSecond(), "/s"));
    fact(html, "AWS calls", rate(cost.awsCallsPerMinute(), "/min"));
    html.raw("</dl>\n");
  }

  private static void fact(Html html, String name, Optional<String> value) {
    html.raw("<div><dt>" + name + "</dt>").element("dd", value.orElse("unknown")).raw("</div>");
  }

  private static Optional<String> rate(OptionalDouble value, String unit) {
    return value.isPresent()
        ? Optional.of(PageText.rate(value.getAsDouble()) + unit)
        : Optional.empty();
  }
}
