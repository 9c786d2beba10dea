package io.eksnet.fact.kube;

import io.eksnet.core.inventory.Obstacle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the scheduler's message about a pod means, such as {@code 0/8 nodes are available: 8 node(s)
 * had untolerated taint {eks.amazonaws.com/compute-type: fargate}. preemption: …}.
 */
final class SchedulerWords {
  private static final String FARGATE = "{eks.amazonaws.com/compute-type: fargate}";
  private static final Pattern NO_NODES =
      Pattern.compile("no nodes available|\\b0/0 nodes", Pattern.CASE_INSENSITIVE);
  private static final Pattern HEAD = Pattern.compile("^.*?nodes are available: *", Pattern.DOTALL);
  private static final Pattern COUNTED = Pattern.compile("^(\\d+) (.*)$", Pattern.DOTALL);

  private SchedulerWords() {}

  /**
   * The one obstacle to name. Each node tells its own, so a message may hold several: a shortage
   * comes first, since a node that excludes the pod by taint or affinity was never meant for it,
   * and the taint of Fargate nodes, which is on each of them, only counts when there are no others.
   */
  static Obstacle obstacle(String message) {
    if (message.isBlank()) {
      return Obstacle.NONE;
    }
    if (NO_NODES.matcher(message).find()) {
      return Obstacle.NO_NODES;
    }
    var nodes = new EnumMap<Obstacle, Integer>(Obstacle.class);
    for (var reason : reasons(message)) {
      var counted = COUNTED.matcher(reason.strip());
      var text = counted.matches() ? counted.group(2) : reason;
      nodes.merge(of(text), counted.matches() ? number(counted.group(1)) : 0, Integer::sum);
    }
    return nodes.entrySet().stream()
        .min(
            Comparator.<Map.Entry<Obstacle, Integer>>comparingInt(e -> tier(e.getKey()))
                .thenComparing(e -> -e.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElse(Obstacle.OTHER);
  }

  private static String[] reasons(String message) {
    var end = message.indexOf("preemption:");
    var first = HEAD.matcher(end < 0 ? message : message.substring(0, end)).replaceFirst("");
    return Arrays.stream(first.split(", (?=\\d)", -1)).toArray(String[]::new);
  }

  private static Obstacle of(String reason) {
    var text = reason.toLowerCase(Locale.ROOT);
    if (text.contains("taint")) {
      return text.contains(FARGATE) ? Obstacle.FARGATE_TAINT : Obstacle.TAINT;
    }
    if (text.contains("insufficient pods") || text.contains("too many pods")) {
      return Obstacle.INSUFFICIENT_PODS;
    }
    if (text.contains("insufficient cpu")) {
      return Obstacle.INSUFFICIENT_CPU;
    }
    if (text.contains("insufficient memory")) {
      return Obstacle.INSUFFICIENT_MEMORY;
    }
    if (text.contains("volume") || text.contains("persistentvolume")) {
      return Obstacle.VOLUME;
    }
    if (text.contains("affinity")
        || text.contains("selector")
        || text.contains("topology spread")) {
      return Obstacle.AFFINITY;
    }
    return text.contains("were unschedulable") ? Obstacle.TAINT : Obstacle.OTHER;
  }

  private static int tier(Obstacle obstacle) {
    return switch (obstacle) {
      case INSUFFICIENT_PODS, INSUFFICIENT_CPU, INSUFFICIENT_MEMORY -> 0;
      case VOLUME -> 1;
      case AFFINITY, TAINT -> 2;
      case OTHER -> 3;
      case FARGATE_TAINT -> 4;
      case NO_NODES, NONE -> 5;
    };
  }

  private static int number(String digits) {
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }
}
