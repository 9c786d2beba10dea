package io.eksnet.reference;

import io.eksnet.inventory.Permission;
import io.eksnet.inventory.Permission.Rbac;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The roles of the controller: one for the whole cluster and one for each namespace. {@code
 * NAMESPACE} is to be filled in with that of eksnet.
 */
public final class RbacRules {
  private static final String NAME = "eksnet-controller";
  private static final String OWN = ".";

  /** What may be done with resources of a group, and with which objects of them. */
  private record Reach(String group, List<String> verbs, List<String> names)
      implements Comparable<Reach> {
    @Override
    public int compareTo(Reach other) {
      return Comparator.comparing(Reach::group)
          .thenComparing(reach -> String.join(",", reach.names()))
          .thenComparing(reach -> String.join(",", reach.verbs()))
          .compare(this, other);
    }
  }

  private RbacRules() {}

  /** The roles as YAML, that of the cluster first. */
  public static String yaml(Collection<? extends Permission> permissions) {
    var byNamespace =
        permissions.stream()
            .filter(Rbac.class::isInstance)
            .map(Rbac.class::cast)
            .collect(Collectors.groupingBy(Rbac::namespace, TreeMap::new, Collectors.toList()));
    return byNamespace.entrySet().stream()
        .map(entry -> role(entry.getKey(), entry.getValue()))
        .collect(
            Collectors.joining(
                "---\n",
                "# Written by `make reference` from the program itself; changes by hand are lost.\n",
                ""));
  }

  private static String role(String namespace, List<Rbac> rights) {
    var head =
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: %s
        metadata:
          name: %s
        """
            .formatted(namespace.isEmpty() ? "ClusterRole" : "Role", NAME);
    return head + place(namespace) + "rules:\n" + rules(rights);
  }

  private static String place(String namespace) {
    return namespace.isEmpty()
        ? ""
        : "  namespace: " + (namespace.equals(OWN) ? "NAMESPACE" : namespace) + "\n";
  }

  private static String rules(List<Rbac> rights) {
    var resources = new TreeMap<Reach, SortedSet<String>>();
    for (var right : rights) {
      var reach = new Reach(right.group(), right.verbs(), right.names());
      resources.computeIfAbsent(reach, r -> new TreeSet<>()).add(right.resource());
    }
    return resources.entrySet().stream().map(RbacRules::rule).collect(Collectors.joining());
  }

  private static String rule(Map.Entry<Reach, SortedSet<String>> rule) {
    var reach = rule.getKey();
    return "  - apiGroups: "
        + list(List.of(reach.group()))
        + "    resources: "
        + list(rule.getValue())
        + (reach.names().isEmpty() ? "" : "    resourceNames: " + list(reach.names()))
        + "    verbs: "
        + list(reach.verbs());
  }

  private static String list(Collection<String> words) {
    return words.stream()
        .map(word -> word.isEmpty() ? "\"\"" : word)
        .collect(Collectors.joining(", ", "[", "]\n"));
  }
}
