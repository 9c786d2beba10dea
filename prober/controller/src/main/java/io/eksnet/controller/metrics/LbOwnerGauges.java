package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.LB_OWNER_ADDRESS;
import static io.eksnet.metrics.InventoryCatalogue.LB_RECONCILE_FAILING;

import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroupBinding;
import java.util.Optional;
import java.util.stream.Collectors;

/** Services, Gateways and TargetGroupBindings for which controllers build load balancers. */
final class LbOwnerGauges {
  private LbOwnerGauges() {}

  static void add(Inventory inventory, Series to) {
    inventory.list(Resources.SERVICES).stream()
        .filter(service -> service.type().equals("LoadBalancer"))
        .forEach(service -> add(service, to));
    var classes =
        inventory.list(Resources.GATEWAY_CLASSES).stream()
            .filter(GatewayClass::isAws)
            .map(GatewayClass::name)
            .collect(Collectors.toSet());
    inventory.list(Resources.GATEWAYS).stream()
        .filter(gateway -> classes.contains(gateway.className()))
        .forEach(gateway -> add(gateway, to));
    inventory.list(Resources.TARGET_GROUP_BINDINGS).forEach(binding -> add(binding, to));
  }

  private static void add(KubeService service, Series to) {
    var assigned = !service.addresses().isEmpty();
    to.flag(LB_OWNER_ADDRESS, assigned, "Service", service.namespace(), service.name());
    add("Service", service.namespace(), service.name(), service.reconcile(), to);
  }

  private static void add(Gateway gateway, Series to) {
    var assigned = !gateway.addresses().isEmpty();
    to.flag(LB_OWNER_ADDRESS, assigned, "Gateway", gateway.namespace(), gateway.name());
    add("Gateway", gateway.namespace(), gateway.name(), gateway.reconcile(), to);
  }

  private static void add(TargetGroupBinding binding, Series to) {
    add("TargetGroupBinding", binding.namespace(), binding.name(), binding.reconcile(), to);
  }

  private static void add(
      String kind, String namespace, String name, Optional<Reconcile> reconcile, Series to) {
    reconcile.ifPresent(
        last -> {
          for (var cause : ReconcileCause.values()) {
            var so = last.failing() && last.cause() == cause;
            to.flag(LB_RECONCILE_FAILING, so, kind, namespace, name, cause.label());
          }
        });
  }
}
