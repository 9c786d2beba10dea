package io.eksnet.plan;

import io.eksnet.core.inventory.IngressRule;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.KubeIngress;
import io.eksnet.core.inventory.KubeService;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.ScaledToZero;
import java.util.List;
import java.util.Set;

/** The Services that are scaled to zero, as somebody wished: calling them tells nothing. */
record Asleep(Set<ScaledToZero> services) {
  /** The port of a backend that is no Service but an action of the load balancer. */
  static final String ACTION = "use-annotation";

  /** What the last attempt could not read is not believed: somebody may have woken them. */
  static Asleep in(Inventory inventory) {
    var known = inventory.known(Parts.SCALED_TO_ZERO);
    return new Asleep(known.fresh() ? Set.copyOf(known.value().orElse(List.of())) : Set.of());
  }

  boolean has(KubeService service) {
    return has(service.namespace(), service.name());
  }

  /** Whether what a rule of an Ingress leads to is asleep. */
  boolean has(KubeIngress ingress, IngressRule rule) {
    return !rule.servicePort().equals(ACTION) && has(ingress.namespace(), rule.service());
  }

  private boolean has(String namespace, String service) {
    return services.contains(new ScaledToZero(namespace, service));
  }
}
