package io.eksnet.config;

import java.time.Duration;
import java.util.Optional;

/** How often the controller reads what Kubernetes and AWS know. */
public record Polls(
    @Setting(
            value =
                "What the informers of Kubernetes hold; costs no calls. Changes show this late.",
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
                "Free /28 blocks in prefix mode: lists the interfaces of each subnet. Also read soon"
                    + " after a pod was refused an address.",
            fallback = "10m",
            min = 1,
            max = 86_400)
        Duration freePrefixes,
    @Setting(value = "VPC endpoints.", fallback = "5m", min = 1, max = 86_400)
        Duration vpcEndpoints,
    @Setting(value = "Interfaces that no instance has.", fallback = "10m", min = 1, max = 86_400)
        Duration leakedInterfaces,
    @Setting(
            value =
                "Whether security groups let load balancers reach their targets. Also read soon"
                    + " after the health of a target changed.",
            fallback = "5m",
            min = 1,
            max = 86_400)
        Duration securityPaths,
    @Setting(value = "Load balancers.", fallback = "1m", min = 1, max = 86_400)
        Duration loadBalancers,
    @Setting(value = "Target groups.", fallback = "1m", min = 1, max = 86_400)
        Duration targetGroups,
    @Setting(
            value =
                "Target health: at most one call a second, so that many target groups take longer.",
            fallback = "30s",
            min = 1,
            max = 86_400)
        Duration targetHealth,
    @Setting(
            value = "The EKS cluster, its health and its support.",
            fallback = "10m",
            min = 1,
            max = 86_400)
        Duration cluster,
    @Setting(value = "EKS add-ons.", fallback = "10m", min = 1, max = 86_400) Duration addons,
    @Setting(
            value = "Fargate profiles. Also read soon after CoreDNS lost or found a node.",
            fallback = "1h",
            min = 1,
            max = 86_400)
        Duration fargateProfiles,
    @Setting(
            value =
                "Pod identity associations. Also read soon after a component began or ceased to"
                    + " lack credentials.",
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
   * How often a part is read; empty: no setting says it.
   *
   * @param service who is asked
   * @param part the name of the part
   */
  public Optional<Duration> every(String service, String part) {
    if (service.equals(KUBERNETES)) {
      return Optional.of(kubernetes);
    }
    return Optional.ofNullable(
        switch (part) {
          case "subnets" -> subnets;
          case "lb_subnets" -> lbSubnets;
          case "free_prefixes" -> freePrefixes;
          case "vpc_endpoints" -> vpcEndpoints;
          case "leaked_interfaces" -> leakedInterfaces;
          case "security_paths" -> securityPaths;
          case "load_balancers" -> loadBalancers;
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
