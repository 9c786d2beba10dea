package io.eksnet.config;

import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which names the user's own labels may have. */
final class LabelNames {
  /** The syntax of Prometheus for label names that need no quotes. */
  static final String PATTERN = "[a-zA-Z_][a-zA-Z0-9_]*";

  /** The labels of our own series, of the scrape, and of Prometheus itself. */
  static final SortedSet<String> TAKEN =
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

  private LabelNames() {}

  /** Why {@code name} cannot be a label of the user's own. */
  static Optional<String> problem(String name) {
    if (!name.matches(PATTERN)) {
      return Optional.of(
          Quoted.of(name)
              + " is not a label name; use letters, digits and underscores, and no digit first");
    }
    if (name.startsWith("__")) {
      return Optional.of(
          "the label name " + Quoted.of(name) + " belongs to Prometheus; start it without __");
    }
    if (name.equals("cluster")) {
      return Optional.of("the label \"cluster\" has a key of its own; set cluster: at the top");
    }
    if (TAKEN.contains(name)) {
      return Optional.of(
          "the label name "
              + Quoted.of(name)
              + " is taken by eksnet or the scrape; choose another");
    }
    return Optional.empty();
  }

  static void require(String name) {
    problem(name)
        .ifPresent(
            message -> {
              throw new IllegalArgumentException("labels: " + message);
            });
  }
}
