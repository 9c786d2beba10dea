package io.eksnet.controller.metrics;

import static java.util.stream.Collectors.toSet;

import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What objects ask of load balancers of a scheme, created or not. */
final class SchemeUse {
  /** An Application Load Balancer needs subnets in so many zones (ELBv2 CreateLoadBalancer). */
  private static final int ALB_ZONES = 2;

  private static final int NLB_ZONES = 1;

  /** What an Ingress without an IngressClass names in the old annotation. */
  private static final String LEGACY_CLASS = "alb";

  private static final String SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";

  private static final String SERVICE_SUBNETS =
      "service.beta.kubernetes.io/aws-load-balancer-subnets";

  private SchemeUse() {}

  /** Empty if no such object is known and some may be unknown. */
  static Optional<Boolean> inUse(Inventory inventory, Scheme scheme) {
    if (used(inventory, scheme)) {
      return Optional.of(true);
    }
    var allKnown =
        List.of(
                Resources.INGRESSES,
                Resources.INGRESS_CLASSES,
                Resources.SERVICES,
                Resources.LOAD_BALANCERS)
            .stream()
            .allMatch(part -> inventory.snapshot(part).value().isPresent());
    return allKnown ? Optional.of(false) : Optional.empty();
  }

  /**
   * In how many zones subnets must be eligible for the objects that leave the choice of subnets to
   * their controller: 0 to 2. Empty if that is unknown. A load balancer that exists in one zone is
   * one that may (feature gate {@code ALBSingleSubnet} of the AWS Load Balancer Controller).
   */
  static OptionalInt requiredZones(Inventory inventory, Scheme scheme) {
    if (List.of(Resources.INGRESSES, Resources.INGRESS_CLASSES, Resources.SERVICES).stream()
        .anyMatch(resource -> inventory.snapshot(resource).value().isEmpty())) {
      return OptionalInt.empty();
    }
    var inOneZone =
        inventory.list(Resources.LOAD_BALANCERS).stream()
            .filter(lb -> lb.subnets().size() == 1)
            .map(LoadBalancer::dnsName)
            .collect(toSet());
    var ingresses =
        ingresses(inventory, scheme)
            .filter(ingress -> !ingress.namesSubnets())
            .mapToInt(
                ingress ->
                    ingress.addresses().stream().anyMatch(inOneZone::contains) ? 1 : ALB_ZONES);
    var services =
        inventory.list(Resources.SERVICES).stream()
            .filter(wants(scheme))
            .filter(service -> !service.annotations().containsKey(SERVICE_SUBNETS))
            .mapToInt(service -> NLB_ZONES);
    return OptionalInt.of(IntStream.concat(ingresses, services).max().orElse(0));
  }

  private static boolean used(Inventory inventory, Scheme scheme) {
    return inventory.list(Resources.LOAD_BALANCERS).stream().anyMatch(lb -> lb.scheme() == scheme)
        || inventory.list(Resources.SERVICES).stream().anyMatch(wants(scheme))
        || ingresses(inventory, scheme).findAny().isPresent();
  }

  private static Stream<KubeIngress> ingresses(Inventory inventory, Scheme scheme) {
    return inventory.list(Resources.INGRESSES).stream()
        .filter(ingress -> ingress.scheme() == scheme)
        .filter(ingress -> isAlb(ingress, inventory.list(Resources.INGRESS_CLASSES)));
  }

  private static Predicate<KubeService> wants(Scheme scheme) {
    return service ->
        service.type().equals("LoadBalancer")
            && scheme.label().equals(service.annotations().get(SCHEME));
  }

  /** An Ingress of another controller, such as nginx, asks AWS for nothing. */
  private static boolean isAlb(KubeIngress ingress, List<IngressClass> classes) {
    var name = ingress.className();
    return classes.stream()
        .filter(known -> name.isEmpty() ? known.isDefault() : known.name().equals(name))
        .findFirst()
        .map(IngressClass::isAlb)
        .orElse(name.equals(LEGACY_CLASS));
  }
}
