package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.INGRESS_ADDRESS;
import static io.eksnet.metrics.InventoryCatalogue.INGRESS_CREATED;
import static io.eksnet.metrics.InventoryCatalogue.INGRESS_DNS_MATCH;
import static io.eksnet.metrics.InventoryCatalogue.INGRESS_FAILING;
import static io.eksnet.metrics.InventoryCatalogue.REQUIRED_ZONES;
import static io.eksnet.metrics.InventoryCatalogue.SCHEME_IN_USE;

import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;

/** Ingresses, and the load balancers that they ask for. */
final class IngressGauges {
  private IngressGauges() {}

  static void add(Inventory inventory, Series to) {
    for (var scheme : Scheme.values()) {
      SchemeUse.inUse(inventory, scheme)
          .ifPresent(used -> to.flag(SCHEME_IN_USE, used, scheme.label()));
      SchemeUse.requiredZones(inventory, scheme)
          .ifPresent(zones -> to.least(REQUIRED_ZONES, zones, scheme.label()));
    }
    inventory.list(Resources.INGRESSES).forEach(ingress -> add(ingress, to));
    inventory.list(Resources.INGRESS_HOSTS).forEach(host -> add(host, to));
  }

  private static void add(KubeIngress ingress, Series to) {
    var namespace = ingress.namespace();
    var name = ingress.name();
    to.flag(INGRESS_ADDRESS, !ingress.addresses().isEmpty(), namespace, name);
    to.least(INGRESS_CREATED, PollGauges.seconds(ingress.created()), namespace, name);
    ingress.reconcile().ifPresent(last -> add(last, namespace, name, to));
  }

  private static void add(IngressHost host, Series to) {
    var matches = host.matches() ? 1 : 0;
    to.least(INGRESS_DNS_MATCH, matches, host.namespace(), host.ingress(), host.host());
  }

  private static void add(Reconcile last, String namespace, String name, Series to) {
    for (var cause : ReconcileCause.values()) {
      var so = last.failing() && last.cause() == cause;
      to.flag(INGRESS_FAILING, so, namespace, name, cause.label());
    }
  }
}
