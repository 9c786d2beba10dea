package io.eksnet.controller.page;

import io.eksnet.web.Html;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Small drawings; what they show is said beside them. */
final class Bar {
  private static final int WIDTH = 100;
  private static final int HEIGHT = 24;

  private Bar() {}

  /** A bar filled to this share. */
  static void write(Html html, double share) {
    var width = String.format(Locale.ROOT, "%.1f", share * WIDTH);
    html.raw(
        "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
            + "<rect class=\"all\" width=\"100\" height=\"8\"/><rect class=\"part\" width=\""
            + width
            + "\" height=\"8\"/></svg>");
  }

  /** A line through samples, from 0 at the bottom to {@code most} at the top. */
  static void line(Html html, List<FreeAddresses.Sample> samples, int most) {
    if (samples.size() < 2) {
      html.element("span class=\"soft\"", "not yet");
      return;
    }
    var first = samples.get(0).at();
    var span = Duration.between(first, samples.get(samples.size() - 1).at());
    var points = new StringBuilder();
    for (var sample : samples) {
      var x =
          (double) Duration.between(first, sample.at()).toMillis() / Math.max(1, span.toMillis());
      var y = 1 - Math.max(0, Math.min(1, (double) sample.available() / most));
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x * WIDTH, 1 + y * (HEIGHT - 2)));
    }
    html.raw(
            "<svg class=\"line\" viewBox=\"0 0 100 24\" preserveAspectRatio=\"none\""
                + " aria-hidden=\"true\"><polyline points=\""
                + points.toString().strip()
                + "\"/></svg>")
        .raw("<span class=\"soft\"> ")
        .text(
            samples.get(0).available()
                + " to "
                + samples.get(samples.size() - 1).available()
                + " in "
                + PageText.duration(span))
        .raw("</span>");
  }
}
