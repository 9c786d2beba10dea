package io.eksnet.config;

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
              "namespace",
              "node",
              "nodeclass",
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

  private static final int MAX_VALUE_LENGTH = 256;

  private LabelNames() {}

  /** Why a user cannot add this label; empty if it is valid. */
  static Optional<String> problem(String name, String value) {
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
    if (RESERVED.contains(name)) {
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
