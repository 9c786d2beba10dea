package io.eksnet.inventory.aws;

import static java.util.Comparator.comparing;

import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Subnet discovery of the AWS Load Balancer Controller 3.5.0 (pkg/networking/subnet_resolver.go):
 * by role tag, or by route tables if no subnet of the VPC has the tag; without subnets of other
 * clusters and subnets with too few free addresses; one per zone.
 *
 * @param publicSubnets the subnets with a route to an internet gateway
 */
record LbDiscovery(String cluster, Set<String> publicSubnets) {
  private static final int MIN_FREE_ADDRESSES = 8;

  LbDiscovery {
    publicSubnets = Set.copyOf(publicSubnets);
  }

  /** Whether no subnet has the role tag of a scheme. */
  static boolean usesRoutes(List<Subnet> vpc, Scheme scheme) {
    return vpc.stream().noneMatch(subnet -> SubnetTags.hasRole(subnet, scheme));
  }

  /** The eligibility of each subnet of the VPC, ordered by id. */
  List<Eligibility> of(List<Subnet> vpc, Scheme scheme) {
    var reasons = new HashMap<String, IneligibleReason>();
    var usesRoutes = usesRoutes(vpc, scheme);
    vpc.forEach(subnet -> reasons.put(subnet.id(), reason(subnet, scheme, usesRoutes)));
    rejectLocalZones(vpc, reasons);
    onePerZone(vpc, reasons);
    return vpc.stream()
        .sorted(comparing(Subnet::id))
        .map(
            subnet ->
                new Eligibility(
                    scheme,
                    subnet.id(),
                    subnet.zone(),
                    reasons.getOrDefault(subnet.id(), IneligibleReason.NONE)))
        .toList();
  }

  private IneligibleReason reason(Subnet subnet, Scheme scheme, boolean usesRoutes) {
    var found = usesRoutes ? matchesRoute(subnet, scheme) : SubnetTags.hasRole(subnet, scheme);
    if (!found) {
      return SubnetTags.hasRoleTag(subnet, scheme)
          ? IneligibleReason.TAG_VALUE
          : IneligibleReason.NO_ROLE_TAG;
    }
    if (SubnetTags.belongsToOther(subnet, cluster)) {
      return IneligibleReason.OTHER_CLUSTER_TAG;
    }
    return subnet.available() < MIN_FREE_ADDRESSES
        ? IneligibleReason.FEW_IPS
        : IneligibleReason.NONE;
  }

  private boolean matchesRoute(Subnet subnet, Scheme scheme) {
    return publicSubnets.contains(subnet.id()) == (scheme == Scheme.INTERNET_FACING);
  }

  /** The controller refuses to mix zones of the region with local zones. */
  private static void rejectLocalZones(List<Subnet> vpc, Map<String, IneligibleReason> reasons) {
    var eligible =
        vpc.stream().filter(subnet -> reasons.get(subnet.id()) == IneligibleReason.NONE).toList();
    if (!eligible.stream().allMatch(subnet -> Eligibility.isLocalZone(subnet.zone()))) {
      eligible.stream()
          .filter(subnet -> Eligibility.isLocalZone(subnet.zone()))
          .forEach(subnet -> reasons.put(subnet.id(), IneligibleReason.LOCAL_ZONE));
    }
  }

  /** Subnets with the tag of this cluster come first, then the lowest id. */
  private void onePerZone(List<Subnet> vpc, Map<String, IneligibleReason> reasons) {
    var zones = new ArrayList<String>();
    vpc.stream()
        .filter(subnet -> reasons.get(subnet.id()) == IneligibleReason.NONE)
        .sorted(
            comparing((Subnet subnet) -> !SubnetTags.belongsTo(subnet, cluster))
                .thenComparing(Subnet::id))
        .forEach(
            subnet -> {
              if (zones.contains(subnet.zone())) {
                reasons.put(subnet.id(), IneligibleReason.ZONE_TAKEN);
              } else {
                zones.add(subnet.zone());
              }
            });
  }
}
