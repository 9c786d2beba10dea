package io.eksnet.config;

import java.time.Duration;
import java.util.Optional;

/** How often the controller reads Kubernetes and AWS. */
public record Polls(
    @Setting(
            value =
                "The caches of the Kubernetes informers; costs no calls. A change is visible after at most"
                    + " this time.",
            fallback = "5s",
            min = 1,
            max = 3_600)
        Duration kubernetes,
    @Setting(value = "Subnets and their free addresses.", fallback = "1m", min = 1, max = 86_400)
        Duration subnets,
    @Setting(
            value = "Which subnets a load balancer may use.",
            fallback = "1m",
            min = 1,
            max = 86_400)
        Duration lbSubnets,
    @Setting(
            value =
                "Free /28 blocks in prefix mode: lists the interfaces of each subnet. Also read shortly"
                    + " after a pod got no address.",
            fallback = "10m",
            min = 1,
            max = 86_400)
        Duration freePrefixes,
    @Setting(value = "VPC endpoints.", fallback = "5m", min = 1, max = 86_400)
        Duration vpcEndpoints,
    @Setting(
            value =
                "Network ACLs, route tables, NAT gateways and DNS attributes of the VPC, by one call"
                    + " or two each. Network ACLs are also read shortly after the health of a target"
                    + " changed.",
            fallback = "5m",
            min = 1,
            max = 86_400)
        Duration vpcNetwork,
    @Setting(
            value = "Network interfaces that are not attached to an instance.",
            fallback = "10m",
            min = 1,
            max = 86_400)
        Duration leakedInterfaces,
    @Setting(
            value =
                "Whether security groups let load balancers reach their targets. Also read shortly"
                    + " after the health of a target changed.",
            fallback = "5m",
            min = 1,
            max = 86_400)
        Duration securityPaths,
    @Setting(value = "Load balancers and their addresses.", fallback = "1m", min = 1, max = 86_400)
        Duration loadBalancers,
    @Setting(value = "Target groups.", fallback = "1m", min = 1, max = 86_400)
        Duration targetGroups,
    @Setting(
            value =
                "Target health. At most three calls per second: with many target groups, those that are healthy take longer.",
            fallback = "30s",
            min = 1,
            max = 86_400)
        Duration targetHealth,
    @Setting(
            value = "The EKS cluster, its health issues and the support dates of its version.",
            fallback = "10m",
            min = 1,
            max = 86_400)
        Duration cluster,
    @Setting(value = "EKS add-ons.", fallback = "10m", min = 1, max = 86_400) Duration addons,
    @Setting(
            value =
                "Fargate profiles. Also read shortly after CoreDNS pods were scheduled or became unschedulable.",
            fallback = "1h",
            min = 1,
            max = 86_400)
        Duration fargateProfiles,
    @Setting(
            value =
                "Pod Identity associations. Also read shortly after a component lost or regained"
                    + " credentials.",
            fallback = "1h",
            min = 1,
            max = 86_400)
        Duration podIdentityAssociations,
    @Setting(
            value = "Whether the controller's own credentials work.",
            fallback = "5m",
            min = 1,
            max = 86_400)
        Duration callerIdentity) {
  private static final String KUBERNETES = "kubernetes";

  /**
   * How often an inventory resource is read; empty if no setting decides it.
   *
   * @param service the API that it is read from
   * @param resource the name of the resource
   */
  public Optional<Duration> every(String service, String resource) {
    if (service.equals(KUBERNETES)) {
      return Optional.of(kubernetes);
    }
    return Optional.ofNullable(
        switch (resource) {
          case "subnets" -> subnets;
          case "lb_subnets" -> lbSubnets;
          case "free_prefixes" -> freePrefixes;
          case "vpc_endpoints" -> vpcEndpoints;
          case "vpc_dns", "network_acls", "route_tables", "nat_gateways" -> vpcNetwork;
          case "leaked_interfaces" -> leakedInterfaces;
          case "security_paths" -> securityPaths;
          case "load_balancers", "lb_addresses" -> loadBalancers;
          case "target_groups" -> targetGroups;
          case "target_health" -> targetHealth;
          case "cluster" -> cluster;
          case "addons" -> addons;
          case "fargate_profiles" -> fargateProfiles;
          case "pod_identity_associations" -> podIdentityAssociations;
          case "caller_identity" -> callerIdentity;
          default -> null;
        });
  }
}
