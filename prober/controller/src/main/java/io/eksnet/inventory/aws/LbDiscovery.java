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
 * How the AWS Load Balancer Controller 3.5.0 finds subnets when nobody names any
 * (pkg/networking/subnet_resolver.go): by role tag; if no subnet of the VPC has it, by the routes;
 * not those of other clusters; not those with too few free addresses; one a zone.
 *
 * @param dualStack whether the load balancer has IPv6 too
 * @param routed the subnets with a route to an internet gateway
 */
record LbDiscovery(String cluster, boolean dualStack, Set<String> routed) {
  private static final int FEWEST_FREE = 8;

  LbDiscovery {
    routed = Set.copyOf(routed);
  }

  /** Whether routes decide, because no subnet has the role tag of a scheme. */
  static boolean byRoutes(List<Subnet> vpc, Scheme scheme) {
    return vpc.stream().noneMatch(subnet -> SubnetTags.isFor(subnet, scheme));
  }

  /** What becomes of each subnet of the VPC, in the order of their ids. */
  List<Eligibility> of(List<Subnet> vpc, Scheme scheme) {
    var verdicts = new HashMap<String, IneligibleReason>();
    var byRoutes = byRoutes(vpc, scheme);
    vpc.forEach(subnet -> verdicts.put(subnet.id(), alone(subnet, scheme, byRoutes)));
    onePerZone(vpc, verdicts);
    return vpc.stream()
        .sorted(comparing(Subnet::id))
        .map(
            subnet ->
                new Eligibility(
                    scheme,
                    subnet.id(),
                    subnet.zone(),
                    verdicts.getOrDefault(subnet.id(), IneligibleReason.NONE)))
        .toList();
  }

  private IneligibleReason alone(Subnet subnet, Scheme scheme, boolean byRoutes) {
    var found = byRoutes ? byRoute(subnet, scheme) : SubnetTags.isFor(subnet, scheme);
    if (!found) {
      return SubnetTags.hasRole(subnet, scheme)
          ? IneligibleReason.TAG_VALUE
          : IneligibleReason.NO_ROLE_TAG;
    }
    if (SubnetTags.isOthers(subnet, cluster)) {
      return IneligibleReason.OTHER_CLUSTER_TAG;
    }
    if (subnet.available() < FEWEST_FREE) {
      return IneligibleReason.FEW_IPS;
    }
    return dualStack && !subnet.ipv6() ? IneligibleReason.NO_IPV6 : IneligibleReason.NONE;
  }

  private boolean byRoute(Subnet subnet, Scheme scheme) {
    return routed.contains(subnet.id()) == (scheme == Scheme.INTERNET_FACING);
  }

  /** Its own tag first, then the lowest id: a wrong subnet with a tag beats a right one without. */
  private void onePerZone(List<Subnet> vpc, Map<String, IneligibleReason> verdicts) {
    var zones = new ArrayList<String>();
    vpc.stream()
        .filter(subnet -> verdicts.get(subnet.id()) == IneligibleReason.NONE)
        .sorted(
            comparing((Subnet subnet) -> !SubnetTags.isOwn(subnet, cluster))
                .thenComparing(Subnet::id))
        .forEach(
            subnet -> {
              if (zones.contains(subnet.zone())) {
                verdicts.put(subnet.id(), IneligibleReason.ZONE_TAKEN);
              } else {
                zones.add(subnet.zone());
              }
            });
  }
}
