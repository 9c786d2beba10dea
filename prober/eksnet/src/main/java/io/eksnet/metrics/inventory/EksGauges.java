package io.eksnet.metrics.inventory;

import static io.eksnet.metrics.inventory.InventoryCatalogue.ADDON_ISSUE;
import static io.eksnet.metrics.inventory.InventoryCatalogue.CLUSTER_ISSUE;
import static io.eksnet.metrics.inventory.InventoryCatalogue.SUPPORT_END;
import static io.eksnet.metrics.inventory.InventoryCatalogue.UPGRADE_POLICY;

import io.eksnet.core.inventory.EksCluster;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Parts;
import java.util.List;

/** What EKS says of the cluster and its add-ons. */
final class EksGauges {
  private static final List<String> SUPPORT_TYPES = List.of("STANDARD", "EXTENDED");

  private EksGauges() {}

  static void add(Inventory inventory, Series to) {
    inventory.get(Parts.CLUSTER).ifPresent(cluster -> add(cluster, to));
    for (var addon : inventory.list(Parts.ADDONS)) {
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
