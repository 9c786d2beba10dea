package io.eksnet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What a child counted since it was last asked. Each line on its input asks, one line of {@code
 * name=value} answers. The end of its input is its own end, so that no child outlives the bench.
 */
record ChildCounters(Map<String, Double> values) {
  ChildCounters {
    values = Map.copyOf(values);
  }

  /** Answers until the input ends, and ends the process. */
  static void serve(Supplier<ChildCounters> count) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    while (in.readLine() != null) {
      System.out.println(count.get().line());
    }
    Runtime.getRuntime().halt(0);
  }

  static ChildCounters parse(String line) {
    var values = new TreeMap<String, Double>();
    for (var word : line.split(" ", -1)) {
      var equals = word.indexOf('=');
      if (equals > 0) {
        values.put(word.substring(0, equals), Double.valueOf(word.substring(equals + 1)));
      }
    }
    return new ChildCounters(values);
  }

  String line() {
    var line = new StringBuilder("mark");
    new TreeMap<>(values)
        .forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
    return line.toString();
  }

  /** How many probes succeeded a second, by the child's own clock. */
  double rate() {
    return get("done") / get("seconds");
  }

  /** How many probes the target answered a second, by its own clock. */
  double answers() {
    return get("answered") / get("seconds");
  }

  double get(String name) {
    var value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in " + line());
    }
    return value;
  }
}
