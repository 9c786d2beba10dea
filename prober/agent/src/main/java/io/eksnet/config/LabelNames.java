package io.eksnet.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The labels that a user may add: their names and values. */
public final class LabelNames {
  /** A regular expression: names that Prometheus reads without quotes (its data model). */
  public static final String PATTERN = "[a-zA-Z_][a-zA-Z0-9_]*";

  /** The labels of eksnet's own series and of the JVM's, and those that the scrape sets. */
  public static final SortedSet<String> RESERVED =
      new TreeSet<>(
          Set.of(
              "action",
              "address_index",
              "addon",
              "api",
              "area",
              "az",
              "cause",
              "cluster",
              "code",
              "component",
              "condition",
              "confidence",
              "device",
              "dst_az",
              "eni",
              "error",
              "gc",
              "host",
              "id",
              "ingress",
              "instance",
              "job",
              "java_version",
              "kind",
              "layer",
              "lb",
              "le",
              "method",
              "metric",
              "name",
              "namespace",
              "node",
              "nodeclass",
              "notice",
              "operation",
              "outcome",
              "path",
              "phase",
              "poll",
              "port",
              "private_dns",
              "probe",
              "proto",
              "qtype",
              "quantile",
              "query_class",
              "reason",
              "revision",
              "role",
              "scheduled",
              "scheme",
              "scope",
              "server",
              "service",
              "source",
              "src_az",
              "stage",
              "state",
              "status",
              "subnet_id",
              "support_type",
              "target",
              "target_group",
              "team",
              "vantage",
              "version",
              "via"));

  /**
   * The labels of the series of a probe, and those that a scrape sets: the only names that a label
   * of a probe cannot have.
   */
  public static final SortedSet<String> RESERVED_IN_PROBES =
      new TreeSet<>(
          Set.of(
              "cluster",
              "container",
              "endpoint",
              "instance",
              "job",
              "kind",
              "lb",
              "le",
              "namespace",
              "node",
              "outcome",
              "phase",
              "pod",
              "probe",
              "quantile",
              "reason",
              "service",
              "target",
              "vantage"));

  /** Of a probe and its target together; each is one more label of the series of a target. */
  public static final int MAX_PROBE_LABELS = 16;

  private static final int MAX_VALUE_LENGTH = 256;

  private LabelNames() {}

  /** Why this cannot be a label of all series; empty if it is valid. */
  static Optional<String> problem(String name, String value) {
    return problem(name, value, RESERVED);
  }

  private static Optional<String> problem(String name, String value, Set<String> reserved) {
    var quoted = ErrorText.quote(name);
    if (!name.matches(PATTERN)) {
      return Optional.of(
          quoted + " is not a label name; use letters, digits and underscores, and no digit first");
    }
    if (name.startsWith("__")) {
      return Optional.of(quoted + " is reserved by Prometheus; remove the leading __");
    }
    if (name.equals("cluster")) {
      return Optional.of("\"cluster\" is set by the key cluster at the top level; use that key");
    }
    if (reserved.contains(name)) {
      return Optional.of(quoted + " is a label of eksnet or of the scrape; choose another name");
    }
    if (value.length() > MAX_VALUE_LENGTH) {
      return Optional.of(
          ErrorText.quote(value) + " is longer than " + MAX_VALUE_LENGTH + " characters");
    }
    return value.codePoints().anyMatch(ErrorText::isInvisible)
        ? Optional.of(ErrorText.quote(value) + " has an invisible character; remove it")
        : Optional.empty();
  }

  /**
   * A copy of the labels of a probe or of one of its targets, in their order.
   *
   * @throws InvalidSettingException if one is invalid or they are too many
   */
  public static Map<String, String> ofProbe(Map<String, String> labels) {
    if (labels.size() > MAX_PROBE_LABELS) {
      throw new InvalidSettingException(
          "labels", labels.size() + " labels are too many; use at most " + MAX_PROBE_LABELS);
    }
    labels.forEach(
        (name, value) ->
            problem(name, value, RESERVED_IN_PROBES)
                .ifPresent(
                    message -> {
                      throw new InvalidSettingException("labels." + name, message);
                    }));
    return Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /**
   * Checks one of the labels at the top level.
   *
   * @throws InvalidSettingException if a user cannot add this label
   */
  public static void require(String name, String value) {
    problem(name, value)
        .ifPresent(
            message -> {
              throw new InvalidSettingException("labels." + name, message);
            });
  }
}
