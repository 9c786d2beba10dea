package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.UnschedulableReason;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Parses the message of kube-scheduler about an unschedulable pod ({@code FitError}), such as
 * {@code 0/8 nodes are available: 8 node(s) had untolerated taint {eks.amazonaws.com/compute-type:
 * fargate}. preemption: …}.
 */
final class SchedulerMessageParser {
  private static final String FARGATE_TAINT = "{eks.amazonaws.com/compute-type: fargate}";
  private static final Pattern NO_NODES =
      Pattern.compile("no nodes available|\\b0/0 nodes", Pattern.CASE_INSENSITIVE);
  private static final Pattern PREFIX =
      Pattern.compile("^.*?nodes are available: *", Pattern.DOTALL);
  private static final Pattern NODE_COUNT = Pattern.compile("^(\\d+) (.*)$", Pattern.DOTALL);

  private SchedulerMessageParser() {}

  /**
   * The most relevant reason. The message lists the reasons of all nodes. A shortage ranks first,
   * since a node that excludes the pod by taint or affinity is not meant for it. The taint of
   * Fargate nodes, which every Fargate node has, ranks last.
   */
  static UnschedulableReason parse(String message) {
    if (message.isBlank()) {
      return UnschedulableReason.NONE;
    }
    if (NO_NODES.matcher(message).find()) {
      return UnschedulableReason.NO_NODES;
    }
    var nodesByReason = new EnumMap<UnschedulableReason, Integer>(UnschedulableReason.class);
    for (var reason : reasons(message)) {
      var counted = NODE_COUNT.matcher(reason.strip());
      var text = counted.matches() ? counted.group(2) : reason;
      nodesByReason.merge(
          classify(text), counted.matches() ? parseCount(counted.group(1)) : 0, Integer::sum);
    }
    return nodesByReason.entrySet().stream()
        .min(
            Comparator.<Map.Entry<UnschedulableReason, Integer>>comparingInt(e -> rank(e.getKey()))
                .thenComparing(e -> -e.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElse(UnschedulableReason.OTHER);
  }

  private static String[] reasons(String message) {
    var end = message.indexOf("preemption:");
    var first = PREFIX.matcher(end < 0 ? message : message.substring(0, end)).replaceFirst("");
    return Arrays.stream(first.split(", (?=\\d)", -1)).toArray(String[]::new);
  }

  private static UnschedulableReason classify(String reason) {
    var text = reason.toLowerCase(Locale.ROOT);
    if (text.contains("taint")) {
      return text.contains(FARGATE_TAINT)
          ? UnschedulableReason.FARGATE_TAINT
          : UnschedulableReason.TAINT;
    }
    if (text.contains("insufficient pods") || text.contains("too many pods")) {
      return UnschedulableReason.INSUFFICIENT_PODS;
    }
    if (text.contains("insufficient cpu")) {
      return UnschedulableReason.INSUFFICIENT_CPU;
    }
    if (text.contains("insufficient memory")) {
      return UnschedulableReason.INSUFFICIENT_MEMORY;
    }
    if (text.contains("volume") || text.contains("persistentvolume")) {
      return UnschedulableReason.VOLUME;
    }
    if (text.contains("affinity")
        || text.contains("selector")
        || text.contains("topology spread")) {
      return UnschedulableReason.AFFINITY;
    }
    return text.contains("were unschedulable")
        ? UnschedulableReason.TAINT
        : UnschedulableReason.OTHER;
  }

  private static int rank(UnschedulableReason reason) {
    return switch (reason) {
      case INSUFFICIENT_PODS, INSUFFICIENT_CPU, INSUFFICIENT_MEMORY -> 0;
      case VOLUME -> 1;
      case AFFINITY, TAINT -> 2;
      case OTHER -> 3;
      case FARGATE_TAINT -> 4;
      case NO_NODES, NONE -> 5;
    };
  }

  private static int parseCount(String digits) {
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }
}
