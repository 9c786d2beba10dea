package io.eksnet.plan;

import io.eksnet.agent.plan.Assignment.EndpointCall;
import io.eksnet.agent.plan.AwsDomain;
import io.eksnet.config.Suites;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The AWS endpoints that something in the cluster uses; every agent calls them. STS has a suite of
 * its own, which needs no controller.
 *
 * <p>Nothing else is called: a private cluster has no route to the endpoints that it does not use.
 */
record EndpointCalls(Suites suites, Inventory inventory, AgentSet fleet, PlanBuilder draft) {

  /** Such as {@code 602401143452.dkr.ecr.eu-west-1.amazonaws.com} (ECR, "private registry"). */
  private static final Pattern PRIVATE_REGISTRY =
      Pattern.compile("\\d{12}\\.dkr[.-]ecr(?:-fips)?\\.([a-z0-9-]+)\\..+");

  void plan() {
    inventory
        .get(Resources.CLUSTER)
        .ifPresent(
            cluster -> {
              cluster.region().ifPresent(this::plan);
              cluster.apiServer().ifPresent(host -> give(EndpointKey.API_SERVER, host, false));
            });
  }

  private void plan(String region) {
    var registry = registry(region);
    var perAddress = servicesWithVpcEndpoint();
    for (var service : used(registry.isPresent())) {
      var host =
          service.equals("ecr.dkr") ? registry : Optional.of(AwsDomain.endpoint(service, region));
      host.ifPresentOrElse(
          name -> give(service, name, perAddress.contains(service)), this::reportNoRegistry);
    }
  }

  private void give(String service, String host, boolean eachAddress) {
    draft
        .allowed(
            "AWS endpoint " + service, "host", () -> new EndpointCall(service, host, eachAddress))
        .ifPresent(call -> draft.give(fleet.agents(), call));
  }

  private void reportNoRegistry() {
    draft.report(
        new ValidationError(
            "AWS endpoint ecr.dkr",
            "suites.endpoints.services",
            "no pod has an image from a private registry of this region",
            "leave ecr.dkr out; eksnet probes it as soon as a pod has such an image"));
  }

  /** Images come from Amazon ECR, and their layers from Amazon S3 (ECR, "VPC endpoints"). */
  private Set<String> used(boolean hasPrivateRegistry) {
    var services = new TreeSet<>(suites.endpoints().services());
    if (hasPrivateRegistry) {
      services.addAll(List.of("ecr.api", "ecr.dkr", "s3"));
    }
    var components =
        inventory.list(Resources.COMPONENTS).stream()
            .filter(component -> component.desired() > 0)
            .toList();
    components.forEach(component -> services.addAll(usedBy(component)));
    if (components.stream().anyMatch(c -> c.credentials().contains(CredentialSource.POD_IDENTITY))
        || !inventory.list(Resources.POD_IDENTITY_ASSOCIATIONS).isEmpty()) {
      services.add("eks-auth");
    }
    return services;
  }

  private static List<String> usedBy(Component component) {
    return switch (component.name()) {
      case "aws-node", "karpenter" -> List.of("ec2");
      case "aws-load-balancer-controller" -> List.of("ec2", "elasticloadbalancing");
      case "external-dns" ->
          component.credentials().stream().anyMatch(EndpointCalls::isRole)
              ? List.of("route53")
              : List.of();
      default -> List.of();
    };
  }

  private static boolean isRole(CredentialSource source) {
    return EnumSet.of(CredentialSource.IRSA, CredentialSource.POD_IDENTITY).contains(source);
  }

  /** The first private registry of the region that pods have images from. */
  private Optional<String> registry(String region) {
    return inventory.list(Resources.IMAGE_REGISTRIES).stream()
        .filter(
            host -> {
              var registry = PRIVATE_REGISTRY.matcher(host);
              return registry.matches() && registry.group(1).equals(region);
            })
        .findFirst();
  }

  /**
   * Those whose names have an address in each zone of the VPC endpoint. S3 is not among them: its
   * private DNS is for on-premises clients unless somebody chooses otherwise (Amazon S3, "AWS
   * PrivateLink for Amazon S3").
   */
  private Set<String> servicesWithVpcEndpoint() {
    return inventory.list(Resources.VPC_ENDPOINTS).stream()
        .filter(endpoint -> endpoint.available() && endpoint.privateDns())
        .map(VpcEndpoint::service)
        .filter(service -> !service.equals("s3"))
        .collect(Collectors.toUnmodifiableSet());
  }
}
