package io.eksnet.web;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The position of a client in the observations of a process.
 *
 * @param started identifies the run of the process; numbers of another run are meaningless
 * @param number of the last observation that the client has
 */
public record Cursor(long started, long number) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})-(\\d{1,18})");

  /** Parses the cursor of a response, or {@code 0} for the beginning. */
  public static Optional<Cursor> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(new Cursor(0, 0));
    }
    var parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(new Cursor(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
        : Optional.empty();
  }

  /** This cursor, or the beginning if it belongs to another run. */
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
