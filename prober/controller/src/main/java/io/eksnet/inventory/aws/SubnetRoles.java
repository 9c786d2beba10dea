package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SubnetRole.AUTO_MODE;
import static io.eksnet.model.inventory.SubnetRole.CONTROL_PLANE;
import static io.eksnet.model.inventory.SubnetRole.ELB_INTERNAL;
import static io.eksnet.model.inventory.SubnetRole.ELB_PUBLIC;
import static io.eksnet.model.inventory.SubnetRole.FARGATE;
import static io.eksnet.model.inventory.SubnetRole.KARPENTER;
import static io.eksnet.model.inventory.SubnetRole.POD_CNI_TAG;
import static io.eksnet.model.inventory.SubnetRole.POD_ENICONFIG;

import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the cluster uses each subnet for. The tag {@code kubernetes.io/cluster/…} alone is no
 * evidence: EKS has not set it since 1.19.
 */
final class SubnetRoles {
  private static final String AUTO_MODE_API = "eks.amazonaws.com";

  /** A load balancer may use it, now or once addresses are free. */
  private static final Set<IneligibleReason> LB_CANDIDATE =
      Set.of(IneligibleReason.NONE, IneligibleReason.FEW_IPS, IneligibleReason.ZONE_TAKEN);

  private final Map<String, Set<SubnetRole>> roles = new HashMap<>();

  private SubnetRoles() {}

  /**
   * The roles of the subnets that have any.
   *
   * @param nodeRoles of the subnets with interfaces of nodes
   */
  static Map<String, Set<SubnetRole>> of(
      EksCluster cluster,
      Map<String, Set<SubnetRole>> nodeRoles,
      List<Subnet> subnets,
      Inventory inventory) {
    var all = new SubnetRoles();
    all.add(CONTROL_PLANE, cluster.subnetIds());
    nodeRoles.forEach((id, roles) -> roles.forEach(role -> all.add(role, id)));
    all.addPodSubnets(cluster.name(), subnets, inventory);
    inventory
        .list(Resources.NODE_CLASSES)
        .forEach(
            nodeClass ->
                all.add(
                    nodeClass.api().equals(AUTO_MODE_API) ? AUTO_MODE : KARPENTER,
                    nodeClass.subnetIds()));
    inventory
        .list(Resources.FARGATE_PROFILES)
        .forEach(profile -> all.add(FARGATE, profile.subnetIds()));
    all.addLoadBalancerSubnets(cluster.name(), subnets, inventory);
    return all.roles;
  }

  private void addPodSubnets(String cluster, List<Subnet> subnets, Inventory inventory) {
    var cni = inventory.get(Resources.CNI_SETTINGS);
    if (cni.filter(CniSettings::customNetworking).isPresent()) {
      inventory
          .list(Resources.ENI_CONFIGS)
          .forEach(config -> add(POD_ENICONFIG, config.subnetId()));
    }
    if (cni.filter(CniSettings::subnetDiscovery).isPresent()) {
      subnets.stream()
          .filter(subnet -> SubnetTags.isCniSubnet(subnet, cluster))
          .forEach(subnet -> add(POD_CNI_TAG, subnet.id()));
    }
  }

  private void addLoadBalancerSubnets(String cluster, List<Subnet> subnets, Inventory inventory) {
    inventory
        .list(Resources.LOAD_BALANCERS)
        .forEach(lb -> add(role(lb.scheme()), lb.subnets().values()));
    inventory.list(Resources.LB_SUBNETS).stream()
        .filter(found -> LB_CANDIDATE.contains(found.reason()))
        .forEach(found -> add(role(found.scheme()), found.subnetId()));
    for (var scheme : Scheme.values()) {
      subnets.stream()
          .filter(subnet -> SubnetTags.hasRole(subnet, scheme))
          .filter(subnet -> !SubnetTags.belongsToOther(subnet, cluster))
          .forEach(subnet -> add(role(scheme), subnet.id()));
    }
  }

  private void add(SubnetRole role, Iterable<String> subnetIds) {
    subnetIds.forEach(id -> add(role, id));
  }

  private void add(SubnetRole role, String subnetId) {
    roles.computeIfAbsent(subnetId, id -> EnumSet.noneOf(SubnetRole.class)).add(role);
  }

  private static SubnetRole role(Scheme scheme) {
    return scheme == Scheme.INTERNAL ? ELB_INTERNAL : ELB_PUBLIC;
  }
}
