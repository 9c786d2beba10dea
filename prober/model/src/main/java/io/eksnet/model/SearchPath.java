package io.eksnet.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The names that a stub resolver tries for a name as written, after resolv.conf(5). */
public final class SearchPath {
  /** A and AAAA: getaddrinfo(3) asks for both. */
  private static final int QUERIES_A_NAME = 2;

  private SearchPath() {}

  /**
   * The absolute names in the order in which they are tried. A trailing dot ends the search; a name
   * with at least {@code ndots} dots is tried as it is first, else last.
   */
  public static List<String> names(String name, ResolvConf conf) {
    if (name.endsWith(".")) {
      return List.of(name);
    }
    var names = new ArrayList<String>();
    for (var suffix : conf.search()) {
      names.add(suffix.isEmpty() ? name + "." : name + "." + suffix + ".");
    }
    var dots = name.chars().filter(c -> c == '.').count();
    names.add(dots >= conf.ndots() ? 0 : names.size(), name + ".");
    return names.stream().distinct().toList();
  }

  /**
   * How many queries precede the first one for {@code existing}, the absolute name that is meant,
   * when every name before it does not exist; empty when the search never comes to it.
   */
  public static OptionalInt queriesBefore(String name, String existing, ResolvConf conf) {
    var at = names(name, conf).indexOf(existing);
    return at < 0 ? OptionalInt.empty() : OptionalInt.of(at * QUERIES_A_NAME);
  }
}
