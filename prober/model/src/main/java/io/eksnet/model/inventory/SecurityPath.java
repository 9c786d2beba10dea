package io.eksnet.model.inventory;

/**
 * Whether security groups let a load balancer reach a port of a target.
 *
 * @param interfaceId the target's network interface, or empty if it was not found
 * @param reason which rule permits it, what is missing, or why nothing can be said
 */
public record SecurityPath(
    String loadBalancerArn,
    String targetGroupArn,
    String targetId,
    String interfaceId,
    int port,
    Use use,
    Verdict verdict,
    String reason) {
  /** What the port is for. */
  public enum Use {
    TRAFFIC("traffic"),
    HEALTH_CHECK("healthcheck");

    private final String label;

    Use(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** What can be said. */
  public enum Verdict {
    PERMITTED,
    BLOCKED,
    UNKNOWN
  }
}
