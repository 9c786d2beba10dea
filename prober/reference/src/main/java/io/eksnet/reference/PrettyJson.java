package io.eksnet.reference;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON text of maps, collections, strings, numbers, booleans and null. */
final class PrettyJson {
  private static final int WIDTH = 100;

  private PrettyJson() {}

  /** Indented; a value that fits on one line is not split. */
  static String pretty(@Nullable Object value) {
    return pretty(value, 0) + "\n";
  }

  private static String pretty(@Nullable Object value, int indent) {
    var line = line(value);
    if (line.length() + indent <= WIDTH || !(value instanceof Map || value instanceof Collection)) {
      return line;
    }
    return value instanceof Map<?, ?> map
        ? block(
            "{",
            map.entrySet().stream()
                .map(e -> string((String) e.getKey()) + ": " + pretty(e.getValue(), indent + 2))
                .iterator(),
            "}",
            indent)
        : block(
            "[",
            ((Collection<?>) value).stream().map(e -> pretty(e, indent + 2)).iterator(),
            "]",
            indent);
  }

  private static String block(String open, Iterator<String> parts, String close, int indent) {
    var text = new StringBuilder(open);
    while (parts.hasNext()) {
      text.append('\n').append(" ".repeat(indent + 2)).append(parts.next());
      text.append(parts.hasNext() ? "," : "");
    }
    return text.append('\n').append(" ".repeat(indent)).append(close).toString();
  }

  private static String line(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> string((String) e.getKey()) + ": " + line(e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Collection<?> collection) {
      return collection.stream().map(PrettyJson::line).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof String string ? string(string) : String.valueOf(value);
  }

  private static String string(String text) {
    var quoted = new StringBuilder("\"");
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
