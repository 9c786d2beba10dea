package io.eksnet.controller.metrics;

import io.eksnet.model.inventory.Inventory;
import java.time.Instant;
import java.util.List;

/**
 * The series that an inventory makes at a moment. What is not known makes none, never 0; what is
 * known to be nothing makes 0.
 */
public final class InventoryGauges {
  /** Room for the largest cluster: 5,000 nodes make 30,000 series of one metric. */
  static final int MAX_SERIES = 60_000;

  private InventoryGauges() {}

  /** The series, those of the cluster as a whole first: the limit meets the many small things. */
  public static List<SeriesSample> of(Inventory inventory, Instant now) {
    return of(inventory, now, MAX_SERIES);
  }

  static List<SeriesSample> of(Inventory inventory, Instant now, int most) {
    var series = new Series(most);
    PollGauges.add(inventory, series);
    CredentialGauges.add(inventory, now, series);
    var believed = inventory.ifFresh(now);
    EksGauges.add(believed, series);
    DnsGauges.add(believed, series);
    SubnetGauges.add(believed, series);
    PlatformGauges.add(believed, series);
    LoadBalancerGauges.add(believed, now, series);
    NodeGauges.add(believed, series);
    IngressGauges.add(believed, series);
    LbOwnerGauges.add(believed, series);
    OwnerGauges.add(believed, series);
    return series.samples();
  }
}
