package io.eksnet.core.inventory;

/** Whether a load balancer of a scheme would be put into a subnet, and why not. */
public record Eligibility(Scheme scheme, String subnetId, String zone, Rejection rejection) {
  public boolean eligible() {
    return rejection == Rejection.NONE;
  }
}
