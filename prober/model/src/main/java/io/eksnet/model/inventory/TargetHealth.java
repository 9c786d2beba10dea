package io.eksnet.model.inventory;

/**
 * The health of one target as its load balancer reports it.
 *
 * @param id an address or an instance
 * @param zone empty if not known
 * @param state {@code initial}, {@code healthy}, {@code unhealthy}, {@code unhealthy.draining},
 *     {@code unused}, {@code draining}, {@code unavailable}
 * @param reason such as {@code Target.Timeout}, or empty
 */
public record TargetHealth(
    String targetGroupArn,
    String id,
    int port,
    String zone,
    String state,
    String reason,
    String description,
    int healthCheckPort) {
  private static final String CODES = "codes: [";

  /**
   * A check that got a code reached something that speaks HTTP: the description gives the reason,
   * whatever reason is reported with it (ALB User Guide, "Target health status").
   */
  public TargetHealth {
    reason = description.contains(CODES) ? "Target.ResponseCodeMismatch" : reason;
  }

  /** Whether it is deregistered and gets no new requests. */
  public boolean draining() {
    return state.endsWith("draining");
  }
}
