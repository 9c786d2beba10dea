package io.eksnet.fact.aws;

import static io.eksnet.core.inventory.SubnetRole.AUTO_MODE;
import static io.eksnet.core.inventory.SubnetRole.CONTROL_PLANE;
import static io.eksnet.core.inventory.SubnetRole.ELB_INTERNAL;
import static io.eksnet.core.inventory.SubnetRole.ELB_PUBLIC;
import static io.eksnet.core.inventory.SubnetRole.FARGATE;
import static io.eksnet.core.inventory.SubnetRole.KARPENTER;
import static io.eksnet.core.inventory.SubnetRole.POD_CNI_TAG;
import static io.eksnet.core.inventory.SubnetRole.POD_ENICONFIG;

import io.eksnet.core.inventory.CniSettings;
import io.eksnet.core.inventory.EksCluster;
import io.eksnet.core.inventory.Eligibility;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.Rejection;
import io.eksnet.core.inventory.Scheme;
import io.eksnet.core.inventory.Subnet;
import io.eksnet.core.inventory.SubnetRole;
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
  private static final Set<Rejection> CANDIDATE =
      Set.of(Rejection.NONE, Rejection.FEW_IPS, Rejection.ZONE_TAKEN, Rejection.NO_IPV6);

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
        .list(Parts.NODE_CLASSES)
        .forEach(
            made ->
                all.add(
                    made.api().equals(AUTO_MODE_API) ? AUTO_MODE : KARPENTER, made.subnetIds()));
    known.list(Parts.FARGATE_PROFILES).forEach(profile -> all.add(FARGATE, profile.subnetIds()));
    all.loadBalancers(cluster.name(), subnets, known);
    return subnets.stream()
        .filter(subnet -> all.roles.containsKey(subnet.id()))
        .map(subnet -> with(subnet, all.roles.getOrDefault(subnet.id(), Set.of())))
        .toList();
  }

  private void pods(String cluster, List<Subnet> subnets, Inventory known) {
    var cni = known.get(Parts.CNI_SETTINGS);
    if (cni.filter(CniSettings::customNetworking).isPresent()) {
      known.list(Parts.ENI_CONFIGS).forEach(config -> add(POD_ENICONFIG, config.subnetId()));
    }
    if (cni.filter(CniSettings::subnetDiscovery).isPresent()) {
      subnets.stream()
          .filter(subnet -> SubnetTags.isForCni(subnet, cluster))
          .forEach(subnet -> add(POD_CNI_TAG, subnet.id()));
    }
  }

  private void loadBalancers(String cluster, List<Subnet> subnets, Inventory known) {
    known.list(Parts.LOAD_BALANCERS).forEach(lb -> add(role(lb.scheme()), lb.subnets().values()));
    known.list(Parts.LB_SUBNETS).stream()
        .filter(found -> CANDIDATE.contains(found.rejection()))
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
