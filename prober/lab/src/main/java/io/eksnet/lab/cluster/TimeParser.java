package io.eksnet.lab.cluster;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations such as {@code 30s}, and times such as {@code now-5m}. */
final class TimeParser {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private TimeParser() {}

  static Optional<Duration> parseDuration(String text) {
    var duration = DURATION.matcher(text);
    return duration.matches()
        ? Optional.ofNullable(UNITS.get(duration.group(2)))
            .map(unit -> unit.multipliedBy(Long.parseLong(duration.group(1))))
        : Optional.empty();
  }

  /** {@code now}, {@code now-5m}, {@code now+30d}, or ISO 8601. */
  static Optional<Instant> parseInstant(String text, Instant now) {
    if (text.equals("now")) {
      return Optional.of(now);
    }
    if (text.startsWith("now-")) {
      return parseDuration(text.substring(4)).map(now::minus);
    }
    if (text.startsWith("now+")) {
      return parseDuration(text.substring(4)).map(now::plus);
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
