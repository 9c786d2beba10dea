package io.eksnet.bench;

import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Reads values from a page in the text format of Prometheus. */
final class MetricsText {
  private MetricsText() {}

  /** The value of the only series of a name without labels; NaN if there is none. */
  static double value(String page, String name) {
    var start = page.startsWith(name + " ") ? 0 : page.indexOf("\n" + name + " ") + 1;
    if (start == 0 && !page.startsWith(name + " ")) {
      return Double.NaN;
    }
    var from = start + name.length() + 1;
    var end = page.indexOf('\n', from);
    return number(page.substring(from, end < 0 ? page.length() : end));
  }

  /** The sum of the series of a name whose labels, as they are written, pass. */
  static double sum(String page, String name, Predicate<String> labels) {
    var sum = new double[1];
    each(
        page,
        name,
        (written, value) -> {
          if (labels.test(written)) {
            sum[0] += value;
          }
        });
    return sum[0];
  }

  /** The number of series of a name whose labels, as they are written, pass. */
  static int count(String page, String name, Predicate<String> labels) {
    var count = new int[1];
    each(
        page,
        name,
        (written, value) -> {
          if (labels.test(written)) {
            count[0]++;
          }
        });
    return count[0];
  }

  /** The bounds and cumulated counts of a histogram, summed over all its labels but {@code le}. */
  static NavigableMap<Double, Double> buckets(String page, String name) {
    var buckets = new TreeMap<Double, Double>();
    each(
        page,
        name + "_bucket",
        (labels, value) -> {
          var at = labels.indexOf("le=\"") + 4;
          var bound = number(labels.substring(at, labels.indexOf('"', at)));
          buckets.merge(bound, value, Double::sum);
        });
    return buckets;
  }

  /** The number of series. */
  static long series(String page) {
    return page.lines().filter(line -> !line.isEmpty() && line.charAt(0) != '#').count();
  }

  private static void each(String page, String name, BiConsumer<String, Double> series) {
    for (var at = page.indexOf(name); at >= 0; at = page.indexOf(name, at + 1)) {
      var after = at + name.length();
      var starts = at == 0 || page.charAt(at - 1) == '\n';
      if (!starts || after >= page.length()) {
        continue;
      }
      var end = page.indexOf('\n', after);
      var line = page.substring(after, end < 0 ? page.length() : end);
      if (line.startsWith(" ")) {
        series.accept("", number(line));
      } else if (line.startsWith("{")) {
        var close = line.lastIndexOf('}');
        series.accept(line.substring(1, close), number(line.substring(close + 1)));
      }
    }
  }

  private static double number(String text) {
    var word = text.strip().split(" ", 2)[0];
    return switch (word) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(word);
    };
  }
}
