package io.eksnet.model.inventory;

/** Who may reach a load balancer. */
public enum Scheme {
  /** Everybody. */
  INTERNET_FACING("internet-facing"),
  /** The VPC. */
  INTERNAL("internal");

  private final String label;

  Scheme(String label) {
    this.label = label;
  }

  /** As in metric labels. */
  public String label() {
    return label;
  }
}
