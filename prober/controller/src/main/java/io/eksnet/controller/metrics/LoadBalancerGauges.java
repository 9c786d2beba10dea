package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.LB_PROBED;
import static io.eksnet.metrics.InventoryCatalogue.LB_STATE;
import static io.eksnet.metrics.InventoryCatalogue.SG_PATH;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.plan.LbRoutes;
import java.time.Instant;
import java.util.List;

/** Load balancers, and whether security groups let them reach their targets. */
final class LoadBalancerGauges {
  private static final List<String> STATES =
      List.of("provisioning", "active", "active_impaired", "failed");

  private LoadBalancerGauges() {}

  static void add(Inventory inventory, Instant now, Series to) {
    for (var balancer : inventory.list(Resources.LOAD_BALANCERS)) {
      addState(balancer, to);
      LbRoutes.areKnown(balancer, inventory)
          .ifPresent(known -> to.flag(LB_PROBED, known, balancer.name()));
    }
    TargetGroupGauges.add(inventory, now, to);
    addPaths(inventory, to);
  }

  private static void addState(LoadBalancer balancer, Series to) {
    STATES.forEach(state -> to.flag(LB_STATE, false, balancer.name(), state));
    to.flag(LB_STATE, true, balancer.name(), balancer.state());
  }

  /** Of several targets on one interface, the path of a blocked one takes precedence. */
  private static void addPaths(Inventory inventory, Series to) {
    var names = ElbNames.of(inventory);
    for (var path : inventory.list(Resources.SECURITY_PATHS)) {
      if (path.verdict() != Verdict.UNKNOWN) {
        to.least(
            SG_PATH,
            path.verdict() == Verdict.PERMITTED ? 1 : 0,
            names.of(path.loadBalancerArn()),
            names.of(path.targetGroupArn()),
            path.interfaceId(),
            String.valueOf(path.port()),
            path.use().label());
      }
    }
  }
}
