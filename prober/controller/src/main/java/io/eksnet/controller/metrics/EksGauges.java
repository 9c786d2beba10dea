package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.ADDON_ISSUE;
import static io.eksnet.metrics.InventoryCatalogue.CLUSTER_ISSUE;
import static io.eksnet.metrics.InventoryCatalogue.SUPPORT_END;
import static io.eksnet.metrics.InventoryCatalogue.UPGRADE_POLICY;

import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import java.util.List;

/** The cluster and its add-ons as EKS reports them. */
final class EksGauges {
  private static final List<String> SUPPORT_TYPES = List.of("STANDARD", "EXTENDED");

  private EksGauges() {}

  static void add(Inventory inventory, Series to) {
    inventory.get(Resources.CLUSTER).ifPresent(cluster -> add(cluster, to));
    for (var addon : inventory.list(Resources.ADDONS)) {
      addon.issues().forEach(issue -> to.flag(ADDON_ISSUE, true, addon.name(), issue.code()));
    }
  }

  private static void add(EksCluster cluster, Series to) {
    cluster.issues().forEach(issue -> to.flag(CLUSTER_ISSUE, true, issue.code()));
    var support = cluster.supportType();
    if (!support.isEmpty()) {
      SUPPORT_TYPES.forEach(type -> to.flag(UPGRADE_POLICY, false, type));
      to.flag(UPGRADE_POLICY, true, support);
    }
    cluster
        .standardSupportEnd()
        .ifPresent(end -> to.least(SUPPORT_END, PollGauges.seconds(end), cluster.version()));
  }
}
