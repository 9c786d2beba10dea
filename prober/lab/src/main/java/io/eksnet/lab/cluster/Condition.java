package io.eksnet.lab.cluster;

/** A condition of a Kubernetes object; {@code status} is {@code True}, {@code False} or Unknown. */
public record Condition(String type, String status, String reason, String message) {
  /** One that holds. */
  public static Condition holds(String type) {
    return new Condition(type, "True", "", "");
  }
}
