package io.eksnet.model.inventory;

import java.time.Instant;

/**
 * A NodeClaim of Karpenter or of Auto Mode whose instance is not a node of the cluster yet. Claims
 * that are registered or deleted are left out.
 *
 * @param nodePool empty for a claim of its own
 * @param instanceId empty until it is launched
 * @param pending the condition that it waits for: {@code Launched} or {@code Registered}
 * @param cause why its launch fails; {@code OTHER} once it is launched
 * @param since when it was launched, or created until then
 * @param startsSlowly whether its instance takes many minutes to start: Windows or bare metal
 */
public record NodeClaim(
    String name,
    String nodePool,
    String nodeClass,
    String instanceId,
    Condition pending,
    ReconcileCause cause,
    Instant since,
    boolean startsSlowly) {
  /** Whether its instance runs. */
  public boolean isLaunched() {
    return !pending.type().equals("Launched");
  }
}
