package io.eksnet.controller.page;

import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.web.Html;

/** Says that a part is not known, and why. */
final class UnavailableNote {
  private UnavailableNote() {}

  static void write(Html html, Snapshot<?> known) {
    var lack = known.lack().orElse(Unavailable.NOT_YET);
    html.raw("<p>").sign(HealthState.UNKNOWN);
    html.text(
            lack.why() == Unavailable.Why.ABSENT
                ? "This cluster has no such thing: " + lack.detail() + "."
                : "Not known: " + lack.detail() + ".")
        .raw("</p>\n");
  }
}
