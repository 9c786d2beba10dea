package io.eksnet.config;

import java.util.Objects;

/**
 * An error in a config file.
 *
 * @param message the value, the rule that it breaks, and the remedy
 */
public record Problem(Location location, String message) {
  public Problem {
    Objects.requireNonNull(location);
    Objects.requireNonNull(message);
  }

  /**
   * One line for a terminal or a log, such as {@code eksnet.yaml:12:5: probes[1].interval: "10" is
   * not a duration; add a unit, for example "10s"}.
   */
  public String text() {
    return location + ": " + message;
  }
}
