package io.eksnet.metrics.inventory;

import io.eksnet.core.inventory.IngressClass;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.KubeIngress;
import io.eksnet.core.inventory.KubeService;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.Scheme;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether somebody wants load balancers of a scheme, built or not. */
final class SchemeUse {
  /** What an Ingress without an IngressClass names in the old annotation. */
  private static final String LEGACY_CLASS = "alb";

  private static final String SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";

  private SchemeUse() {}

  /** Empty where nobody is known who does, and somebody may be unknown. */
  static Optional<Boolean> inUse(Inventory inventory, Scheme scheme) {
    if (used(inventory, scheme)) {
      return Optional.of(true);
    }
    var allKnown =
        List.of(Parts.INGRESSES, Parts.INGRESS_CLASSES, Parts.SERVICES, Parts.LOAD_BALANCERS)
            .stream()
            .allMatch(part -> inventory.known(part).value().isPresent());
    return allKnown ? Optional.of(false) : Optional.empty();
  }

  private static boolean used(Inventory inventory, Scheme scheme) {
    return inventory.list(Parts.LOAD_BALANCERS).stream().anyMatch(lb -> lb.scheme() == scheme)
        || inventory.list(Parts.SERVICES).stream().anyMatch(wants(scheme))
        || inventory.list(Parts.INGRESSES).stream()
            .filter(ingress -> ingress.scheme() == scheme)
            .anyMatch(ingress -> isAlb(ingress, inventory.list(Parts.INGRESS_CLASSES)));
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
