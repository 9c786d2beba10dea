package io.eksnet.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The metrics of a process at one moment.
 *
 * @param types of metrics by name
 * @param samples by series, as they are written
 */
record Frame(long atMillis, Map<String, String> types, Map<String, Double> samples) {
  private static final String READ = "eksnet_poll_last_success_timestamp_seconds";
  private static final String EVERY = "eksnet_poll_interval_seconds";

  /** In seconds; what is read less often does not change within an incident. */
  private static final double OFTEN = 5;

  private static final List<String> PARTS = List.of("_bucket", "_count", "_sum");

  static Frame of(String page, long atMillis) {
    var types = new LinkedHashMap<String, String>();
    var samples = new LinkedHashMap<String, Double>();
    for (var line : page.split("\n", -1)) {
      if (line.startsWith("# TYPE ")) {
        var words = line.split(" ", -1);
        types.put(words[2], words[3]);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        var space = line.lastIndexOf(' ');
        samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
      }
    }
    return new Frame(atMillis, types, samples);
  }

  /**
   * The page so much later if from {@code before} on all went as it did until {@code next}:
   * counters go on from here, gauges are as they were, moments stay as long ago as they were.
   */
  Frame then(Frame before, Frame next, long atMillis) {
    var later = new LinkedHashMap<String, Double>();
    next.samples.forEach(
        (series, value) -> {
          var name = name(series);
          if (next.counts(name)) {
            var here = samples.getOrDefault(series, 0.0);
            later.put(series, here + Math.max(0, value - before.samples.getOrDefault(series, 0.0)));
          } else if (name.endsWith("_timestamp_seconds")) {
            later.put(series, value + (atMillis - next.atMillis) / 1000.0);
          } else {
            later.put(series, value);
          }
        });
    return new Frame(atMillis, next.types, later);
  }

  /** Whether all that is read often was read after a moment. */
  boolean isReadSince(long millis) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().startsWith(READ))
        .filter(sample -> samples.getOrDefault(sample.getKey().replace(READ, EVERY), 0.0) <= OFTEN)
        .allMatch(sample -> sample.getValue() * 1000 > millis);
  }

  String page() {
    var types =
        this.types.entrySet().stream()
            .map(type -> "# TYPE " + type.getKey() + " " + type.getValue() + "\n")
            .collect(Collectors.joining());
    return types
        + samples.entrySet().stream()
            .map(sample -> sample.getKey() + " " + written(sample.getValue()) + "\n")
            .collect(Collectors.joining());
  }

  private boolean counts(String name) {
    return "counter".equals(types.get(name))
        || PARTS.stream()
            .filter(name::endsWith)
            .map(part -> types.get(name.substring(0, name.length() - part.length())))
            .anyMatch(type -> "histogram".equals(type) || "summary".equals(type));
  }

  private static String name(String series) {
    var brace = series.indexOf('{');
    return brace < 0 ? series : series.substring(0, brace);
  }

  private static String written(double value) {
    return Double.isInfinite(value) ? (value > 0 ? "+Inf" : "-Inf") : String.valueOf(value);
  }
}
