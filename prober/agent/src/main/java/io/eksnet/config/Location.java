package io.eksnet.config;

import java.util.Comparator;
import java.util.Objects;

/**
 * A place in a config file.
 *
 * @param file the name of the file as the user wrote it
 * @param line from 1
 * @param column from 1
 * @param path the keys that lead to it, such as {@code probes[2].interval}; empty for the file as a
 *     whole
 */
public record Location(String file, int line, int column, String path)
    implements Comparable<Location> {
  private static final Comparator<Location> ORDER =
      Comparator.comparing(Location::file)
          .thenComparingInt(Location::line)
          .thenComparingInt(Location::column);

  public Location {
    Objects.requireNonNull(file);
    Objects.requireNonNull(path);
  }

  static Location startOf(String file) {
    return new Location(file, 1, 1, "");
  }

  /** By file, line and column. */
  @Override
  public int compareTo(Location other) {
    return ORDER.compare(this, other);
  }

  /** Such as {@code eksnet.yaml:12:5: probes[1].interval}. */
  @Override
  public String toString() {
    var position = file + ":" + line + ":" + column;
    return path.isEmpty() ? position : position + ": " + path;
  }
}
