package io.eksnet.model.diagnosis;

/** The network layer of a cause; the label {@code layer} of findings and alerts. */
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
