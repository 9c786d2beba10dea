package io.eksnet.lab.change;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Single words of YAML as values: numbers, moments, durations, constants. */
public final class Scalars {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private Scalars() {}

  /** A duration: {@code 30s}, {@code 5m}. */
  public static Duration duration(Yaml yaml) {
    var duration = DURATION.matcher(yaml.text());
    if (!duration.matches()) {
      throw yaml.wrong("must be a duration such as 30s or 5m, not \"" + yaml.text() + "\"");
    }
    return Duration.ofMillis(
        Long.parseLong(duration.group(1)) * MILLIS.getOrDefault(duration.group(2), 0L));
  }

  static Object value(Yaml yaml, Class<?> type, Instant now) {
    var text = yaml.text();
    if (type == String.class) {
      return text;
    }
    if (type == boolean.class) {
      return truth(yaml);
    }
    if (type == Instant.class) {
      return moment(yaml, now);
    }
    if (type == Duration.class) {
      return duration(yaml);
    }
    if (type.isEnum()) {
      return constant(yaml, type);
    }
    try {
      return type == int.class ? (Object) Integer.valueOf(text) : (Object) Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw yaml.wrong("must be a whole number, not \"" + text + "\"");
    }
  }

  private static boolean truth(Yaml yaml) {
    return switch (yaml.text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw yaml.wrong("must be true or false, not \"" + yaml.text() + "\"");
    };
  }

  private static Instant moment(Yaml yaml, Instant now) {
    var text = yaml.text();
    if (text.startsWith("now")) {
      var ago = text.substring("now".length());
      var duration = DURATION.matcher(ago.startsWith("-") ? ago.substring(1) : "");
      if (ago.isEmpty()) {
        return now;
      }
      if (duration.matches()) {
        return now.minusMillis(
            Long.parseLong(duration.group(1)) * MILLIS.getOrDefault(duration.group(2), 0L));
      }
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw yaml.wrong("must be now, now-5m or 2026-01-31T12:00:00Z, not \"" + text + "\"");
    }
  }

  private static Object constant(Yaml yaml, Class<?> type) {
    var words =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
            .toList();
    var at = words.indexOf(yaml.text());
    if (at < 0) {
      throw yaml.wrong("no such word, \"" + yaml.text() + "\"" + Meant.of(yaml.text(), words));
    }
    return type.getEnumConstants()[at];
  }
}
