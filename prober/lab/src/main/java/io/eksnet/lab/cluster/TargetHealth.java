package io.eksnet.lab.cluster;

/**
 * The health of a target, in the words of ELB.
 *
 * @param reason such as {@code Target.Timeout}; empty when healthy
 */
public record TargetHealth(
    TargetGroup.Target target,
    int healthCheckPort,
    String state,
    String reason,
    String description) {
  /** In another state. */
  public TargetHealth in(String state, String reason, String description) {
    return new TargetHealth(target, healthCheckPort, state, reason, description);
  }
}
