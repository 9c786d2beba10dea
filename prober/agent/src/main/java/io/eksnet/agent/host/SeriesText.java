package io.eksnet.agent.host;

import io.eksnet.model.ScrapedSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads selected series from the text formats of Prometheus and OpenMetrics; ignores invalid lines.
 */
final class SeriesText {
  private static final int MAX_LINE_CHARACTERS = 4_096;

  private final String line;
  private int at;

  private SeriesText(String line, int at) {
    this.line = line;
    this.at = at;
  }

  /** The first {@code limit} series with a wanted name and a finite value. */
  static List<ScrapedSample> read(String page, Predicate<String> wanted, int limit) {
    var found = new ArrayList<ScrapedSample>();
    for (int from = 0; from < page.length() && found.size() < limit; ) {
      var newline = page.indexOf('\n', from);
      var to = newline < 0 ? page.length() : newline;
      if (to - from <= MAX_LINE_CHARACTERS) {
        var name = page.substring(from, endOfName(page, from, to));
        if (wanted.test(name)) {
          sample(name, page.substring(from, to)).ifPresent(found::add);
        }
      }
      from = to + 1;
    }
    return found;
  }

  private static int endOfName(String page, int from, int to) {
    var end = from;
    while (end < to && "{ \t\r".indexOf(page.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static Optional<ScrapedSample> sample(String name, String line) {
    var reader = new SeriesText(line, name.length());
    return reader
        .labels()
        .flatMap(labels -> reader.value().map(value -> new ScrapedSample(name, labels, value)));
  }

  private Optional<Map<String, String>> labels() {
    var labels = new HashMap<String, String>();
    blanks();
    if (!next('{')) {
      return Optional.of(labels);
    }
    for (blanks(); !next('}'); blanks()) {
      var equals = line.indexOf('=', at);
      if (equals < 0) {
        return Optional.empty();
      }
      var name = line.substring(at, equals).strip();
      at = equals + 1;
      blanks();
      var value = quoted();
      if (value.isEmpty()) {
        return Optional.empty();
      }
      labels.put(name, value.get());
      blanks();
      next(',');
    }
    return Optional.of(labels);
  }

  private Optional<String> quoted() {
    var text = new StringBuilder();
    if (!next('"')) {
      return Optional.empty();
    }
    while (at < line.length()) {
      var c = line.charAt(at++);
      if (c == '"') {
        return Optional.of(text.toString());
      }
      if (c == '\\' && at < line.length()) {
        var escaped = line.charAt(at++);
        text.append(escaped == 'n' ? '\n' : escaped);
      } else {
        text.append(c);
      }
    }
    return Optional.empty();
  }

  /** A timestamp or an exemplar may follow. */
  private Optional<Double> value() {
    blanks();
    var end = at;
    while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
      end++;
    }
    try {
      return Optional.of(Double.parseDouble(line.substring(at, end))).filter(Double::isFinite);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean next(char c) {
    var is = at < line.length() && line.charAt(at) == c;
    if (is) {
      at++;
    }
    return is;
  }

  private void blanks() {
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
  }
}
