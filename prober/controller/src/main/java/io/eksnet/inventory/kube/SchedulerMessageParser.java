package io.eksnet.inventory.kube;

import static java.util.stream.Collectors.toCollection;

import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.Taint;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Parses the message of kube-scheduler about an unschedulable pod ({@code FitError}), such as
 * {@code 0/8 nodes are available: 8 node(s) had untolerated taint {eks.amazonaws.com/compute-type:
 * fargate}. preemption: …}. The messages of all supported versions, with their sources, are in the
 * test resource {@code messages.tsv}.
 */
final class SchedulerMessageParser {
  private static final String FARGATE_TAINT = "eks.amazonaws.com/compute-type";

  /**
   * Of the node lifecycle controller, the cloud controller and Karpenter, until a node is ready.
   */
  private static final Set<String> NOT_READY_TAINTS =
      Set.of(
          "node.kubernetes.io/not-ready",
          "node.kubernetes.io/unreachable",
          "node.kubernetes.io/network-unavailable",
          "node.cloudprovider.kubernetes.io/uninitialized",
          "karpenter.sh/unregistered");

  private static final Pattern NO_NODES =
      Pattern.compile("no nodes available|\\b0/0 nodes", Pattern.CASE_INSENSITIVE);
  private static final Pattern PREFIX =
      Pattern.compile("^.*?nodes are available: *", Pattern.DOTALL);
  private static final Pattern NODE_COUNT = Pattern.compile("^(\\d+) (.*)$", Pattern.DOTALL);

  /** A key has at most 317 characters, a value 63; bounds and no backtracking keep it linear. */
  private static final Pattern TAINT =
      Pattern.compile("taint (\\{([^:}]{0,317}+)(?::[^}]{0,100}+)?+\\})");

  /** The wording since Kubernetes 1.34.2. */
  private static final String UNNAMED_TAINTS = "untolerated taint(s)";

  /** A pod that is bound to a few nodes, such as one of a DaemonSet: others do not count. */
  private static final Pattern BOUND_TO_NODES =
      Pattern.compile("filtered out by the prefilter result|didn't satisfy plugin\\(?s?\\)? \\[");

  private SchedulerMessageParser() {}

  /** How the scheduling of a pod without a node went; {@code message} may be empty. */
  static Scheduling scheduling(String message) {
    return new Scheduling(
        false,
        parse(message),
        message,
        TAINT.matcher(message).results().map(taint -> taint.group(1)).distinct().toList());
  }

  /**
   * The same scheduling with the taints of nodes, if the message only reports that there are some.
   *
   * @param nodeTaints those of all nodes; empty if they are unknown
   */
  static Scheduling withTaints(
      Scheduling scheduling, List<PodToleration> tolerations, Collection<Taint> nodeTaints) {
    if (!scheduling.message().contains(UNNAMED_TAINTS)) {
      return scheduling;
    }
    var taints =
        nodeTaints.stream()
            .filter(taint -> tolerations.stream().noneMatch(one -> one.tolerates(taint)))
            .toList();
    return new Scheduling(
        false,
        scheduling.reason() == UnschedulableReason.TAINT ? reason(taints) : scheduling.reason(),
        scheduling.message(),
        List.copyOf(taints.stream().map(Taint::text).collect(toCollection(TreeSet::new))));
  }

  private static UnschedulableReason reason(List<Taint> taints) {
    return taints.stream()
        .map(taint -> ofTaint(taint.key()))
        .min(Comparator.comparingInt(SchedulerMessageParser::rank))
        .orElse(UnschedulableReason.TAINT);
  }

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
    if (BOUND_TO_NODES.matcher(message).find()) {
      return UnschedulableReason.AFFINITY;
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
    var taint = TAINT.matcher(reason);
    if (taint.find()) {
      return ofTaint(taint.group(2));
    }
    var text = reason.toLowerCase(Locale.ROOT);
    if (text.contains("taint")) {
      return UnschedulableReason.TAINT;
    }
    if (text.contains("insufficient pods") || text.contains("too many pods")) {
      return UnschedulableReason.INSUFFICIENT_PODS;
    }
    if (text.contains("insufficient ")) {
      return ofResource(text);
    }
    if (text.startsWith("pod not supported on fargate")) {
      return UnschedulableReason.OTHER;
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
        ? UnschedulableReason.CORDONED
        : UnschedulableReason.OTHER;
  }

  private static UnschedulableReason ofResource(String text) {
    if (text.contains("insufficient cpu")) {
      return UnschedulableReason.INSUFFICIENT_CPU;
    }
    return text.contains("insufficient memory")
        ? UnschedulableReason.INSUFFICIENT_MEMORY
        : UnschedulableReason.OTHER;
  }

  private static UnschedulableReason ofTaint(String key) {
    if (key.equals(FARGATE_TAINT)) {
      return UnschedulableReason.FARGATE_TAINT;
    }
    return NOT_READY_TAINTS.contains(key)
        ? UnschedulableReason.NODES_NOT_READY
        : UnschedulableReason.TAINT;
  }

  private static int rank(UnschedulableReason reason) {
    return switch (reason) {
      case INSUFFICIENT_PODS, INSUFFICIENT_CPU, INSUFFICIENT_MEMORY -> 0;
      case VOLUME -> 1;
      case NODES_NOT_READY, CORDONED -> 2;
      case AFFINITY, TAINT -> 3;
      case OTHER -> 4;
      case FARGATE_TAINT -> 5;
      case NO_NODES, NONE -> 6;
    };
  }

  private static int parseCount(String digits) {
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }
}
