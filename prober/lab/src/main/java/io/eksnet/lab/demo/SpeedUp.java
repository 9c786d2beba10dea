package io.eksnet.lab.demo;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Divides durations in Prometheus rules and Alertmanager routes: how long an alert must hold, how
 * often rules are evaluated, how long Alertmanager waits. Rule expressions stay unchanged.
 */
public record SpeedUp(int factor) {
  private static final Pattern RULES =
      Pattern.compile("(?m)^(\\s+(?:for|interval|keep_firing_for): )(\\S+)$");
  private static final Pattern ROUTES =
      Pattern.compile("(?m)^(\\s+(?:group_wait|group_interval|repeat_interval): )(\\S+)$");
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|[smhdw])");

  public SpeedUp {
    if (factor < 1) {
      throw new IllegalArgumentException("factor must be 1 or more, not " + factor);
    }
  }

  /** A rule file. */
  public String rules(String yaml) {
    return shorten(RULES, yaml);
  }

  /** An Alertmanager configuration; notifications are not repeated sooner. */
  public String routes(String yaml) {
    return shorten(ROUTES, yaml);
  }

  /** A duration in the format of Prometheus. */
  public String duration(String time) {
    var millis = millis(time) / factor;
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private String shorten(Pattern times, String yaml) {
    return times
        .matcher(yaml)
        .replaceAll(
            found ->
                found.group(1)
                    + (found.group(1).contains("repeat_interval")
                        ? found.group(2)
                        : duration(found.group(2))));
  }

  private static long millis(String time) {
    var parts = PART.matcher(time);
    long millis = 0;
    int end = 0;
    while (parts.lookingAt()) {
      millis += Long.parseLong(parts.group(1)) * unit(parts.group(2)).toMillis();
      end = parts.end();
      parts.region(end, time.length());
    }
    if (end == 0 || end < time.length()) {
      throw new IllegalArgumentException("not a Prometheus duration: " + time);
    }
    return millis;
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> Duration.ofDays(7);
    };
  }
}
