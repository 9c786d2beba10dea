package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.Unavailable;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The load balancers that Kubernetes objects refer to.
 *
 * @param dnsNames the addresses of Ingresses, Gateways and Services
 * @param arns those with a target group that a TargetGroupBinding names
 */
record ReferencedLoadBalancers(Set<String> dnsNames, Set<String> arns) {
  private static final String DUALSTACK_PREFIX = "dualstack.";

  /** Where the AWS Load Balancer Controller writes the cluster name, from v2 on and before. */
  private static final Set<String> CLUSTER_TAGS =
      Set.of("elbv2.k8s.aws/cluster", "ingress.k8s.aws/cluster");

  ReferencedLoadBalancers {
    dnsNames = Set.copyOf(dnsNames);
    arns = Set.copyOf(arns);
  }

  static ReferencedLoadBalancers of(Inventory inventory) {
    var names =
        Stream.of(
                inventory.list(Resources.INGRESSES).stream().map(KubeIngress::addresses),
                inventory.list(Resources.GATEWAYS).stream().map(Gateway::addresses),
                inventory.list(Resources.SERVICES).stream().map(KubeService::addresses))
            .flatMap(all -> all)
            .flatMap(addresses -> addresses.stream().map(ReferencedLoadBalancers::normalized))
            .collect(Collectors.toSet());
    var bound =
        inventory.list(Resources.TARGET_GROUP_BINDINGS).stream()
            .map(TargetGroupBinding::targetGroupArn)
            .collect(Collectors.toSet());
    var arns = new HashSet<String>();
    inventory.list(Resources.TARGET_GROUPS).stream()
        .filter(group -> bound.contains(group.arn()))
        .forEach(group -> arns.addAll(group.loadBalancerArns()));
    return new ReferencedLoadBalancers(names, arns);
  }

  boolean contains(LoadBalancer balancer) {
    return arns.contains(balancer.arn()) || dnsNames.contains(normalized(balancer.dnsName()));
  }

  /** Whether all objects that refer to load balancers are known. */
  static boolean isComplete(Inventory inventory) {
    return Stream.of(
            Resources.INGRESSES,
            Resources.GATEWAYS,
            Resources.SERVICES,
            Resources.TARGET_GROUP_BINDINGS,
            Resources.TARGET_GROUPS)
        .map(inventory::snapshot)
        .allMatch(objects -> objects.value().isPresent() || isAbsent(objects));
  }

  private static boolean isAbsent(Snapshot<?> objects) {
    return objects
        .unavailable()
        .filter(lack -> lack.reason() == Unavailable.Reason.ABSENT)
        .isPresent();
  }

  static boolean isTagged(Map<String, String> tags, String cluster) {
    return CLUSTER_TAGS.stream().anyMatch(tag -> cluster.equals(tags.get(tag)));
  }

  /** A DNS name of a load balancer in the form in which names are compared. */
  static String normalized(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    var stripped = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    return stripped.startsWith(DUALSTACK_PREFIX)
        ? stripped.substring(DUALSTACK_PREFIX.length())
        : stripped;
  }
}
