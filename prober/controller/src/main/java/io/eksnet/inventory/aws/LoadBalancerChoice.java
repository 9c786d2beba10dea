package io.eksnet.inventory.aws;

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
 * Which load balancers are the cluster's, by what Kubernetes says of them.
 *
 * @param dnsNames the addresses of Ingresses and Services
 * @param arns those with a target group that a TargetGroupBinding names
 */
record LoadBalancerChoice(Set<String> dnsNames, Set<String> arns) {
  private static final String DUALSTACK = "dualstack.";

  /**
   * Where the AWS Load Balancer Controller writes the cluster's name; the second is its old way.
   */
  private static final Set<String> CLUSTER_TAGS =
      Set.of("elbv2.k8s.aws/cluster", "ingress.k8s.aws/cluster");

  LoadBalancerChoice {
    dnsNames = Set.copyOf(dnsNames);
    arns = Set.copyOf(arns);
  }

  static LoadBalancerChoice of(Inventory known) {
    var names =
        Stream.concat(
                known.list(Resources.INGRESSES).stream().map(KubeIngress::addresses),
                known.list(Resources.SERVICES).stream().map(KubeService::addresses))
            .flatMap(addresses -> addresses.stream().map(LoadBalancerChoice::plain))
            .collect(Collectors.toSet());
    var bound =
        known.list(Resources.TARGET_GROUP_BINDINGS).stream()
            .map(TargetGroupBinding::targetGroupArn)
            .collect(Collectors.toSet());
    var arns = new HashSet<String>();
    known.list(Resources.TARGET_GROUPS).stream()
        .filter(group -> bound.contains(group.arn()))
        .forEach(group -> arns.addAll(group.loadBalancerArns()));
    return new LoadBalancerChoice(names, arns);
  }

  boolean names(LoadBalancer balancer) {
    return arns.contains(balancer.arn()) || dnsNames.contains(plain(balancer.dnsName()));
  }

  /** Whether all that names load balancers is known. */
  boolean complete(Inventory known) {
    return Stream.of(
            Resources.INGRESSES,
            Resources.SERVICES,
            Resources.TARGET_GROUP_BINDINGS,
            Resources.TARGET_GROUPS)
        .map(known::snapshot)
        .allMatch(part -> part.value().isPresent() || absent(part));
  }

  private static boolean absent(Snapshot<?> part) {
    return part.unavailable()
        .filter(lack -> lack.reason() == Unavailable.Reason.ABSENT)
        .isPresent();
  }

  /** Whether tags say that a load balancer is this cluster's. */
  static boolean tagged(Map<String, String> tags, String cluster) {
    return CLUSTER_TAGS.stream().anyMatch(tag -> cluster.equals(tags.get(tag)));
  }

  private static String plain(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    var stripped = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    return stripped.startsWith(DUALSTACK) ? stripped.substring(DUALSTACK.length()) : stripped;
  }
}
