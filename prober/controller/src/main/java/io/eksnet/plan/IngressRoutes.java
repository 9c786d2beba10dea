package io.eksnet.plan;

import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.KubeIngress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Hosts and paths of an Ingress that have a backend. */
record IngressRoutes(KubeIngress ingress, ScaledToZeroServices asleep) {
  private static final Comparator<IngressRule> SHORTEST =
      Comparator.<IngressRule>comparingInt(rule -> path(rule).length())
          .thenComparing(IngressRoutes::path);

  /** The hosts of its rules in their order; empty: every host. */
  Stream<String> hosts() {
    return ingress.rules().stream()
        .map(IngressRule::host)
        .sorted()
        .map(IngressRoutes::concrete)
        .distinct();
  }

  /**
   * The path to ask a host for: the one that is wished, or the shortest of its rules; empty: who
   * would answer there is asleep, or there is no such rule.
   */
  Optional<String> path(String host, Optional<String> wished) {
    var rules =
        ingress.rules().stream()
            .filter(rule -> concrete(rule.host()).equals(host))
            .sorted(SHORTEST)
            .toList();
    return wished.isPresent()
        ? wished.filter(path -> answers(rules, path))
        : rules.stream().filter(this::awake).findFirst().map(IngressRoutes::path);
  }

  /** The rule with the longest path applies; if none is known to match, all that may match. */
  private boolean answers(List<IngressRule> rules, String path) {
    return rules.stream()
        .filter(rule -> admits(path(rule), path))
        .max(SHORTEST.thenComparing(this::awake))
        .map(this::awake)
        .orElseGet(() -> rules.stream().anyMatch(this::awake));
  }

  private boolean awake(IngressRule rule) {
    return !asleep.has(ingress, rule);
  }

  /** Whether a rule with this path matches the requested path. */
  static boolean admits(String prefix, String path) {
    return path.equals(prefix) || path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/");
  }

  /** Whether a rule answers under this host. */
  static boolean admitsHost(IngressRule rule, String host) {
    return rule.host().isEmpty()
        || rule.host().equals(host)
        || (rule.host().startsWith("*.") && host.endsWith(rule.host().substring(1)));
  }

  /** A host that a rule of all hosts of a domain admits. */
  static String concrete(String host) {
    return host.startsWith("*.") ? "eksnet" + host.substring(1) : host;
  }

  /** A path that the rule admits, as far as it is not a pattern; rules may end in a star. */
  static String path(IngressRule rule) {
    var path = rule.path().endsWith("*") ? dropLast(rule.path()) : rule.path();
    return path.matches("/[A-Za-z0-9._~/-]{0,400}") ? path : "/";
  }

  private static String dropLast(String path) {
    return path.substring(0, path.length() - 1);
  }
}
