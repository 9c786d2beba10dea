package io.eksnet.controller.metrics;

import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether any object asks for load balancers of a scheme, created or not. */
final class SchemeUse {
  /** What an Ingress without an IngressClass names in the old annotation. */
  private static final String LEGACY_CLASS = "alb";

  private static final String SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";

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

  private static boolean used(Inventory inventory, Scheme scheme) {
    return inventory.list(Resources.LOAD_BALANCERS).stream().anyMatch(lb -> lb.scheme() == scheme)
        || inventory.list(Resources.SERVICES).stream().anyMatch(wants(scheme))
        || inventory.list(Resources.INGRESSES).stream()
            .filter(ingress -> ingress.scheme() == scheme)
            .anyMatch(ingress -> isAlb(ingress, inventory.list(Resources.INGRESS_CLASSES)));
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
