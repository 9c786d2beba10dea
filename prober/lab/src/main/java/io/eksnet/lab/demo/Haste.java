package io.eksnet.lab.demo;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Rules and routes whose times are shorter by a factor: how long an alert must hold, how often it
 * is evaluated, how long Alertmanager waits. The expressions of the rules, with the windows in
 * them, are left as they are.
 */
public record Haste(int factor) {
  private static final Pattern RULES =
      Pattern.compile("(?m)^(\\s+(?:for|interval|keep_firing_for): )(\\S+)$");
  private static final Pattern ROUTES =
      Pattern.compile("(?m)^(\\s+(?:group_wait|group_interval|repeat_interval): )(\\S+)$");
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|[smhdw])");

  public Haste {
    if (factor < 1) {
      throw new IllegalArgumentException("factor must be 1 or more, not " + factor);
    }
  }

  /** A file of rules. */
  public String rules(String yaml) {
    return shorter(RULES, yaml);
  }

  /** A configuration of Alertmanager; a message that was sent is not repeated sooner. */
  public String routes(String yaml) {
    return shorter(ROUTES, yaml);
  }

  /** A time as Prometheus writes it. */
  public String of(String time) {
    var millis = millis(time) / factor;
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private String shorter(Pattern times, String yaml) {
    return times
        .matcher(yaml)
        .replaceAll(
            found ->
                found.group(1)
                    + (found.group(1).contains("repeat_interval")
                        ? found.group(2)
                        : of(found.group(2))));
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
      throw new IllegalArgumentException("not a time of Prometheus: " + time);
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
