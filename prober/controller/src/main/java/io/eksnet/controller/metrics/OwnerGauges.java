package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.OWNER;

import io.eksnet.model.inventory.Annotation;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;

/** Who owns a Service or an Ingress; alerts find their receiver by it. */
final class OwnerGauges {
  private OwnerGauges() {}

  static void add(Inventory inventory, Series to) {
    for (var service : inventory.list(Resources.SERVICES)) {
      var team = service.annotations().getOrDefault(Annotation.TEAM.key(), "");
      add(service.namespace(), service.name(), "", team, to);
    }
    for (var ingress : inventory.list(Resources.INGRESSES)) {
      var team = ingress.annotations().getOrDefault(Annotation.TEAM.key(), "");
      add(ingress.namespace(), "", ingress.name(), team, to);
    }
  }

  /** An empty label is no label to Prometheus: each series has either a Service or an Ingress. */
  private static void add(
      String namespace, String service, String ingress, String team, Series to) {
    if (!team.isBlank()) {
      to.flag(OWNER, true, namespace, service, ingress, team);
    }
  }
}
