package io.eksnet.controller.page;

import io.eksnet.diagnosis.Findings;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.plan.ValidationError;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Formats of the status page. */
final class PageText {
  private PageText() {}

  /** An element id that stays the same for the same name. */
  static String id(String prefix, String name) {
    return prefix + "-" + Integer.toHexString(name.hashCode());
  }

  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  static String timestamp(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The time of day in UTC, to the second. */
  static String clock(Instant at) {
    return timestamp(at).substring(11, 19);
  }

  /** Such as {@code 02:58}. */
  static String minute(Instant at) {
    return timestamp(at).substring(11, 16);
  }

  static String duration(Duration length) {
    var seconds = Math.max(0, length.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
  }

  /** Two significant digits. */
  static String rate(double value) {
    return value >= 10
        ? Long.toString(Math.round(value))
        : String.format(Locale.ROOT, value >= 1 ? "%.1f" : "%.2f", value);
  }

  static String rate(OptionalDouble value, String unit) {
    return value.isPresent() ? rate(value.getAsDouble()) + unit : "unknown";
  }

  static String bytes(OptionalLong bytes) {
    return bytes.isPresent()
        ? String.format(Locale.ROOT, "%.0f MiB", bytes.getAsLong() / 1048576.0)
        : "unknown";
  }

  static String capital(String clause) {
    return clause.isEmpty()
        ? ""
        : clause.substring(0, 1).toUpperCase(Locale.ROOT) + clause.substring(1);
  }

  /** The first names, and how many more there are. */
  static String some(Collection<String> names, int max) {
    var some = Truncated.of(List.copyOf(names), max);
    return String.join(", ", some.shown())
        + (some.omitted() > 0 ? " and " + some.omitted() + " more" : "");
  }

  /** Why a resource type has no value. */
  static String unavailable(Snapshot<?> snapshot) {
    var reason = snapshot.unavailable().orElse(Unavailable.NOT_YET);
    return (reason.reason() == Unavailable.Reason.ABSENT ? "Not in this cluster: " : "Unknown: ")
        + reason.detail()
        + ".";
  }

  /** An error in an object and its remedy in one line. */
  static String notProbed(ValidationError error) {
    return "%s: %s: %s. Remedy: %s."
        .formatted(error.object(), error.field(), error.problem(), error.remedy());
  }

  /** An ignored finding in one line. */
  static String ignored(Findings.Ignored ignored) {
    var finding = ignored.finding();
    return "%s (%s): %s. Reason: %s"
        .formatted(
            finding.cause().label(), finding.scope(), finding.evidence().get(0), ignored.reason());
  }
}
