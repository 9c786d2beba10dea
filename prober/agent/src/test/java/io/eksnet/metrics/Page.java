package io.eksnet.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A page in the text format 0.0.4, parsed by its specification. */
public record Page(String text, Map<Series, Double> series) {
  public record Series(String name, Map<String, String> labels) {}

  public static Page of(Metrics metrics) {
    return of(new String(bytes(metrics, null), StandardCharsets.UTF_8));
  }

  public static byte[] bytes(Metrics metrics, @Nullable String accept) {
    try {
      var bytes = new ByteArrayOutputStream();
      metrics.exposition().write(accept, bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Page of(String text) {
    var series = new LinkedHashMap<Series, Double>();
    text.lines()
        .filter(line -> !line.startsWith("#") && !line.isEmpty())
        .forEach(
            line -> {
              var reader = new Reader(line);
              var key = new Series(reader.name(), reader.labels());
              if (series.put(key, reader.value()) != null) {
                throw new AssertionError("twice: " + line);
              }
            });
    return new Page(text, series);
  }

  /** The value of a series given as name and label pairs. */
  public Optional<Double> value(String name, String... labels) {
    var wanted = new TreeMap<String, String>();
    for (int i = 0; i < labels.length; i += 2) {
      wanted.put(labels[i], labels[i + 1]);
    }
    return Optional.ofNullable(series.get(new Series(name, wanted)));
  }

  public long count(String name) {
    return series.keySet().stream().filter(key -> key.name().equals(name)).count();
  }

  private static final class Reader {
    private final String line;
    private int at;

    Reader(String line) {
      this.line = line;
    }

    String name() {
      int from = at;
      while (line.charAt(at) != '{' && line.charAt(at) != ' ') {
        at++;
      }
      return line.substring(from, at);
    }

    Map<String, String> labels() {
      var labels = new TreeMap<String, String>();
      if (line.charAt(at) != '{') {
        return labels;
      }
      at++;
      while (line.charAt(at) != '}') {
        int from = at;
        at = line.indexOf("=\"", at);
        var name = line.substring(from, at);
        at += 2;
        labels.put(name, quoted());
        if (line.charAt(at) == ',') {
          at++;
        }
      }
      at++;
      return labels;
    }

    double value() {
      return switch (line.substring(at).trim()) {
        case "+Inf" -> Double.POSITIVE_INFINITY;
        case "NaN" -> Double.NaN;
        default -> Double.parseDouble(line.substring(at).trim());
      };
    }

    private String quoted() {
      var value = new StringBuilder();
      while (line.charAt(at) != '"') {
        char c = line.charAt(at++);
        if (c == '\\') {
          char escaped = line.charAt(at++);
          value.append(escaped == 'n' ? '\n' : escaped);
        } else {
          value.append(c);
        }
      }
      at++;
      return value.toString();
    }
  }
}
