package io.eksnet.metrics.inventory;

import static io.eksnet.metrics.inventory.InventoryCatalogue.CRASH_LOOP;
import static io.eksnet.metrics.inventory.InventoryCatalogue.NODE_CLASS_CONDITION;
import static io.eksnet.metrics.inventory.InventoryCatalogue.NODE_CLASS_UNRENDERED;

import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.ReconcileCause;

/** What the network's own components and node classes say of themselves. */
final class PlatformGauges {
  private PlatformGauges() {}

  static void add(Inventory inventory, Series to) {
    for (var component : inventory.list(Parts.COMPONENTS)) {
      for (var cause : ReconcileCause.values()) {
        var so = component.crashLoop() && component.cause() == cause;
        to.flag(CRASH_LOOP, so, component.name(), cause.label());
      }
    }
    for (var nodeClass : inventory.list(Parts.NODE_CLASSES)) {
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
