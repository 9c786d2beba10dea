package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import java.util.Set;

/** The tags by which the load balancer controller and the VPC CNI choose subnets. */
final class SubnetTags {
  private static final String ROLE = "kubernetes.io/role/";
  private static final String PUBLIC = ROLE + "elb";
  private static final String INTERNAL = ROLE + "internal-elb";
  private static final String CLUSTER = "kubernetes.io/cluster/";
  private static final String CNI = ROLE + "cni";
  private static final String CNI_CLUSTER = "cni.networking.k8s.aws/cluster/";

  /** The controller asks for these two values and for no others (LBC subnet_resolver.go). */
  private static final Set<String> YES = Set.of("", "1");

  private SubnetTags() {}

  static boolean decides(String key) {
    return key.startsWith(ROLE) || key.startsWith(CLUSTER) || key.startsWith(CNI_CLUSTER);
  }

  /** Whether it has the role tag of a scheme, whatever its value. */
  static boolean hasRole(Subnet subnet, Scheme scheme) {
    return subnet.tags().containsKey(role(scheme));
  }

  /** Whether its role tag is one that the controller looks for. */
  static boolean isFor(Subnet subnet, Scheme scheme) {
    return YES.contains(subnet.tags().getOrDefault(role(scheme), "no"));
  }

  static boolean isOwn(Subnet subnet, String cluster) {
    return subnet.tags().containsKey(CLUSTER + cluster);
  }

  /** Whether its cluster tags are all of other clusters. */
  static boolean isOthers(Subnet subnet, String cluster) {
    return !isOwn(subnet, cluster)
        && subnet.tags().keySet().stream().anyMatch(key -> key.startsWith(CLUSTER));
  }

  /**
   * Whether the CNI may put interfaces there because of its tags; the value 0 forbids it
   * (amazon-vpc-cni-k8s awsutils.go).
   */
  static boolean isForCni(Subnet subnet, String cluster) {
    var forClusters =
        subnet.tags().keySet().stream().filter(key -> key.startsWith(CNI_CLUSTER)).toList();
    return !subnet.tags().getOrDefault(CNI, "0").equals("0")
        && (forClusters.isEmpty() || forClusters.contains(CNI_CLUSTER + cluster));
  }

  private static String role(Scheme scheme) {
    return scheme == Scheme.INTERNAL ? INTERNAL : PUBLIC;
  }
}
