package io.eksnet.model.inventory;

import io.eksnet.model.JsonName;

/** Whether a load balancer of a scheme would be put into a subnet, and why not. */
public record Eligibility(
    Scheme scheme, String subnetId, String zone, @JsonName("rejection") IneligibleReason reason) {
  public boolean eligible() {
    return reason == IneligibleReason.NONE;
  }
}
