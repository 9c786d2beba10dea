package io.eksnet.plan;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ScaledToZero;
import io.eksnet.plan.LbRoutes.Backend;
import java.util.List;
import java.util.Set;

/** The Services that are scaled to zero on purpose: they are not probed. */
record ScaledToZeroServices(Set<ScaledToZero> services) {
  /** The port of a backend that is no Service but an action of the load balancer. */
  static final String ACTION = "use-annotation";

  /** Not used when the last read failed: they may have been scaled up since. */
  static ScaledToZeroServices in(Inventory inventory) {
    var known = inventory.snapshot(Resources.SCALED_TO_ZERO);
    return new ScaledToZeroServices(
        known.fresh() ? Set.copyOf(known.value().orElse(List.of())) : Set.of());
  }

  boolean has(KubeService service) {
    return has(service.namespace(), service.name());
  }

  /** Whether a backend of a rule is such a Service. */
  boolean has(Backend backend) {
    return !backend.port().equals(ACTION) && has(backend.namespace(), backend.service());
  }

  private boolean has(String namespace, String service) {
    return services.contains(new ScaledToZero(namespace, service));
  }
}
