package io.eksnet.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as in the config file: {@code 10s}, {@code 1m30s}, {@code 250ms}. */
public final class Durations {
  /** A regular expression: units from the largest to the smallest, each at most once. */
  public static final String PATTERN =
      "(?=.)([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?";

  private static final Pattern DURATION = Pattern.compile(PATTERN);
  private static final Pattern BARE_NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]+)?");
  private static final String[] UNITS = {"d", "h", "m", "s", "ms"};
  private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

  private Durations() {}

  /**
   * Parses a duration.
   *
   * @throws IllegalArgumentException with the value, the rule and the remedy
   */
  public static Duration parse(String text) {
    var matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          ErrorText.quote(text)
              + " is not a duration; "
              + (BARE_NUMBER.matcher(text).matches()
                  ? "add a unit, for example \"" + text + "s\""
                  : "write one such as 10s, 1m30s or 250ms"));
    }
    return Duration.ofMillis(millis(matcher));
  }

  /** The text of a duration, to the millisecond. */
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
      throw new InvalidSettingException(
          "timeout",
          "%s is not shorter than the interval, %s; lower the timeout or raise the interval"
              .formatted(text(timeout), text(interval)));
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
