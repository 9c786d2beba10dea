package io.eksnet.inventory;

import java.util.List;

/** A permission that a source needs; the IAM policy and the RBAC rules consist of these. */
public sealed interface Permission {
  /**
   * An action of AWS.
   *
   * @param action such as {@code ec2:DescribeSubnets}
   * @param resources patterns of ARNs with {@code REGION}, {@code ACCOUNT}, {@code CLUSTER}; {@code
   *     *} where the action accepts nothing narrower (service authorization reference)
   */
  record Iam(String action, List<String> resources) implements Permission {
    public Iam {
      resources = List.copyOf(resources);
    }

    /** An action that accepts no narrower resource. */
    public static Iam anywhere(String action) {
      return new Iam(action, List.of("*"));
    }
  }

  /**
   * Verbs on a resource of the Kubernetes API.
   *
   * @param group empty: the core group
   * @param names only objects of these names; none: all
   * @param namespace where; empty: in all namespaces; {@code .}: that of eksnet
   */
  record Rbac(
      String group, String resource, List<String> verbs, List<String> names, String namespace)
      implements Permission {
    public Rbac {
      verbs = List.copyOf(verbs);
      names = List.copyOf(names);
    }

    /** What an informer needs, in all namespaces. */
    public static Rbac watch(String group, String resource) {
      return new Rbac(group, resource, List.of("list", "watch"), List.of(), "");
    }
  }
}
