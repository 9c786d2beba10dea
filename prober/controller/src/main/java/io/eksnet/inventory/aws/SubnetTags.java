package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import java.util.Set;

/** The tags by which the AWS Load Balancer Controller and the VPC CNI choose subnets. */
final class SubnetTags {
  private static final String ROLE = "kubernetes.io/role/";
  private static final String PUBLIC = ROLE + "elb";
  private static final String INTERNAL = ROLE + "internal-elb";
  private static final String CLUSTER = "kubernetes.io/cluster/";
  private static final String CNI = ROLE + "cni";
  private static final String CNI_CLUSTER = "cni.networking.k8s.aws/cluster/";

  /** The controller searches for these two values only (LBC subnet_resolver.go). */
  private static final Set<String> ROLE_VALUES = Set.of("", "1");

  private SubnetTags() {}

  /** Whether an inventory keeps it: the tags below, and the name that people give a subnet. */
  static boolean isKept(String key) {
    return key.startsWith(ROLE)
        || key.startsWith(CLUSTER)
        || key.startsWith(CNI_CLUSTER)
        || key.equals("Name");
  }

  /** Whether it has the role tag of a scheme, with any value. */
  static boolean hasRoleTag(Subnet subnet, Scheme scheme) {
    return subnet.tags().containsKey(role(scheme));
  }

  /** Whether the controller finds it by the role tag of a scheme. */
  static boolean hasRole(Subnet subnet, Scheme scheme) {
    return ROLE_VALUES.contains(subnet.tags().getOrDefault(role(scheme), "no"));
  }

  static boolean belongsTo(Subnet subnet, String cluster) {
    return subnet.tags().containsKey(CLUSTER + cluster);
  }

  /** Whether it has cluster tags, all of other clusters. */
  static boolean belongsToOther(Subnet subnet, String cluster) {
    return !belongsTo(subnet, cluster)
        && subnet.tags().keySet().stream().anyMatch(key -> key.startsWith(CLUSTER));
  }

  /**
   * Whether the CNI discovers it by its tags; the value 0 excludes it (amazon-vpc-cni-k8s
   * awsutils.go).
   */
  static boolean isCniSubnet(Subnet subnet, String cluster) {
    var clusters =
        subnet.tags().keySet().stream().filter(key -> key.startsWith(CNI_CLUSTER)).toList();
    return !subnet.tags().getOrDefault(CNI, "0").equals("0")
        && (clusters.isEmpty() || clusters.contains(CNI_CLUSTER + cluster));
  }

  private static String role(Scheme scheme) {
    return scheme == Scheme.INTERNAL ? INTERNAL : PUBLIC;
  }
}
