package io.eksnet.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 10s}, {@code 1m30s}, {@code 250ms}. */
public final class Durations {
  /** What is accepted: units from long to short, each at most once. */
  static final String PATTERN =
      "(?=.)([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?";

  private static final Pattern WRITTEN = Pattern.compile(PATTERN);
  private static final Pattern BARE = Pattern.compile("[0-9]{1,9}(\\.[0-9]+)?");
  private static final String[] UNITS = {"d", "h", "m", "s", "ms"};
  private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

  private Durations() {}

  /**
   * The duration that {@code text} says.
   *
   * @throws IllegalArgumentException with the remedy
   */
  public static Duration parse(String text) {
    var matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      var unit = BARE.matcher(text).matches() ? "; say the unit, such as " + text + "s" : "";
      throw new IllegalArgumentException(
          "must be a duration such as 10s, 1m30s or 250ms, not " + Quoted.of(text) + unit);
    }
    return Duration.ofMillis(millis(matcher));
  }

  /** How {@code duration} is written, to the millisecond. */
  public static String text(Duration duration) {
    var rest = duration.toMillis();
    if (rest == 0) {
      return "0s";
    }
    var text = new StringBuilder();
    for (var i = 0; i < UNITS.length; i++) {
      if (rest >= MILLIS[i]) {
        text.append(rest / MILLIS[i]).append(UNITS[i]);
        rest %= MILLIS[i];
      }
    }
    return text.toString();
  }

  static void requireShorter(Duration timeout, Duration interval) {
    if (timeout.compareTo(interval) >= 0) {
      throw new IllegalArgumentException(
          "timeout ("
              + text(timeout)
              + ") must be shorter than interval ("
              + text(interval)
              + "); lower the timeout or raise the interval");
    }
  }

  private static long millis(Matcher matcher) {
    var millis = 0L;
    for (var i = 0; i < UNITS.length; i++) {
      var part = matcher.group(i + 1);
      if (part != null) {
        var digits = part.substring(0, part.length() - UNITS[i].length());
        millis += Long.parseLong(digits) * MILLIS[i];
      }
    }
    return millis;
  }
}
