package io.eksnet.config;

import java.util.Comparator;
import java.util.Objects;

/**
 * What is wrong with a config, where, and what to do about it.
 *
 * @param line from 1
 * @param column from 1
 * @param path such as {@code probes[2].interval}; empty for the file as a whole
 */
public record Problem(int line, int column, String path, String message) {
  static final Comparator<Problem> IN_ORDER =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  public Problem {
    Objects.requireNonNull(path);
    Objects.requireNonNull(message);
  }

  /** One line for a terminal or a log. */
  public String text() {
    var place = "line " + line + ", column " + column + ": ";
    return path.isEmpty() ? place + message : place + path + ": " + message;
  }
}
