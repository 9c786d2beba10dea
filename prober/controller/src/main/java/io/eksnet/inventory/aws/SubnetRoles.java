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
import io.eksnet.model.inventory.Eligibility;
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
 * What the cluster uses each subnet for: the union of all who name one. The tag {@code
 * kubernetes.io/cluster/…} alone says nothing, EKS has not set it since 1.19.
 */
final class SubnetRoles {
  private static final String AUTO_MODE_API = "eks.amazonaws.com";

  /** A load balancer would be put there now or once addresses are free. */
  private static final Set<IneligibleReason> CANDIDATE =
      Set.of(
          IneligibleReason.NONE,
          IneligibleReason.FEW_IPS,
          IneligibleReason.ZONE_TAKEN,
          IneligibleReason.NO_IPV6);

  private final Map<String, Set<SubnetRole>> roles = new HashMap<>();

  private SubnetRoles() {}

  /**
   * Those of {@code subnets} that have a role, with their roles.
   *
   * @param placements where the interfaces of nodes are
   */
  static List<Subnet> of(
      EksCluster cluster,
      Map<String, Set<SubnetRole>> placements,
      List<Subnet> subnets,
      Inventory known) {
    var all = new SubnetRoles();
    all.add(CONTROL_PLANE, cluster.subnetIds());
    placements.forEach((id, roles) -> roles.forEach(role -> all.add(role, id)));
    all.pods(cluster.name(), subnets, known);
    known
        .list(Resources.NODE_CLASSES)
        .forEach(
            made ->
                all.add(
                    made.api().equals(AUTO_MODE_API) ? AUTO_MODE : KARPENTER, made.subnetIds()));
    known
        .list(Resources.FARGATE_PROFILES)
        .forEach(profile -> all.add(FARGATE, profile.subnetIds()));
    all.loadBalancers(cluster.name(), subnets, known);
    return subnets.stream()
        .filter(subnet -> all.roles.containsKey(subnet.id()))
        .map(subnet -> with(subnet, all.roles.getOrDefault(subnet.id(), Set.of())))
        .toList();
  }

  private void pods(String cluster, List<Subnet> subnets, Inventory known) {
    var cni = known.get(Resources.CNI_SETTINGS);
    if (cni.filter(CniSettings::customNetworking).isPresent()) {
      known.list(Resources.ENI_CONFIGS).forEach(config -> add(POD_ENICONFIG, config.subnetId()));
    }
    if (cni.filter(CniSettings::subnetDiscovery).isPresent()) {
      subnets.stream()
          .filter(subnet -> SubnetTags.isForCni(subnet, cluster))
          .forEach(subnet -> add(POD_CNI_TAG, subnet.id()));
    }
  }

  private void loadBalancers(String cluster, List<Subnet> subnets, Inventory known) {
    known
        .list(Resources.LOAD_BALANCERS)
        .forEach(lb -> add(role(lb.scheme()), lb.subnets().values()));
    known.list(Resources.LB_SUBNETS).stream()
        .filter(found -> CANDIDATE.contains(found.reason()))
        .forEach(this::candidate);
    for (var scheme : Scheme.values()) {
      subnets.stream()
          .filter(subnet -> SubnetTags.isFor(subnet, scheme))
          .filter(subnet -> !SubnetTags.isOthers(subnet, cluster))
          .forEach(subnet -> add(role(scheme), subnet.id()));
    }
  }

  private void candidate(Eligibility found) {
    add(role(found.scheme()), found.subnetId());
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

  private static Subnet with(Subnet subnet, Set<SubnetRole> roles) {
    return new Subnet(
        subnet.id(),
        subnet.vpcId(),
        subnet.zone(),
        subnet.cidr(),
        subnet.available(),
        subnet.ipv6(),
        roles,
        subnet.tags(),
        subnet.reservations());
  }
}
