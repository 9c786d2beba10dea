package io.eksnet.web;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How far an asker has read the observations of a process.
 *
 * @param started which run of the process; the numbers of another mean nothing
 * @param number that of the last observation read
 */
public record Cursor(long started, long number) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})-(\\d{1,18})");

  /** What an answer said, or {@code 0} for the beginning. */
  public static Optional<Cursor> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(new Cursor(0, 0));
    }
    var parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(new Cursor(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
        : Optional.empty();
  }

  /** This one, or the beginning if it is of another run. */
  Cursor of(Cursor run) {
    return run.started == started ? this : run;
  }

  Cursor at(long later) {
    return new Cursor(started, later);
  }

  public String text() {
    return started + "-" + number;
  }
}
