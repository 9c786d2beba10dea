package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.CRASH_LOOP;
import static io.eksnet.metrics.InventoryCatalogue.NODE_CLASS_CONDITION;
import static io.eksnet.metrics.InventoryCatalogue.NODE_CLASS_UNRENDERED;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;

/** What the network's own components and node classes say of themselves. */
final class PlatformGauges {
  private PlatformGauges() {}

  static void add(Inventory inventory, Series to) {
    for (var component : inventory.list(Resources.COMPONENTS)) {
      for (var cause : ReconcileCause.values()) {
        var so = component.crashLoop() && component.cause() == cause;
        to.flag(CRASH_LOOP, so, component.name(), cause.label());
      }
    }
    for (var nodeClass : inventory.list(Resources.NODE_CLASSES)) {
      to.flag(NODE_CLASS_UNRENDERED, !nodeClass.unrendered().isEmpty(), nodeClass.name());
      for (var condition : nodeClass.conditions()) {
        to.flag(
            NODE_CLASS_CONDITION,
            true,
            nodeClass.name(),
            condition.type(),
            condition.status(),
            condition.reason());
      }
    }
  }
}
