package io.eksnet.model.diagnosis;

/** Where a cause lies; the label {@code layer} of findings and alerts. */
public enum Layer {
  DNS("dns"),
  L3("l3"),
  L4("l4"),
  L7("l7"),
  CREDENTIALS("credentials"),
  CLUSTER("cluster"),
  PROBER("prober");

  private final String label;

  Layer(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
