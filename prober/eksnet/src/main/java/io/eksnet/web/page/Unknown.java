package io.eksnet.web.page;

import io.eksnet.core.inventory.Known;
import io.eksnet.core.inventory.Lack;

/** Says that a part is not known, and why. */
final class Unknown {
  private Unknown() {}

  static void write(Html html, Known<?> known) {
    var lack = known.lack().orElse(Lack.NOT_YET);
    html.raw("<p>").sign(Standing.UNKNOWN);
    html.text(
            lack.why() == Lack.Why.ABSENT
                ? "This cluster has no such thing: " + lack.detail() + "."
                : "Not known: " + lack.detail() + ".")
        .raw("</p>\n");
  }
}
