package io.eksnet.model.inventory;

/** Whether a load balancer of a scheme would be put into a subnet, and why not. */
public record Eligibility(Scheme scheme, String subnetId, String zone, IneligibleReason rejection) {
  public boolean eligible() {
    return rejection == IneligibleReason.NONE;
  }
}
