package io.eksnet.model.inventory;

import io.eksnet.model.JsonName;
import java.time.Instant;

/**
 * A pod of CoreDNS.
 *
 * @param node empty while it has none
 * @param ip empty while it has none
 * @param phase {@code Pending}, {@code Running}, …
 * @param schedulerName {@code fargate-scheduler} if a Fargate profile admitted it
 * @param containerReason why its container waits or last terminated, such as {@code
 *     CrashLoopBackOff}, or empty
 */
public record DnsPod(
    String name,
    String node,
    String ip,
    String phase,
    boolean ready,
    Scheduling scheduling,
    String schedulerName,
    Instant created,
    @JsonName("trouble") String containerReason) {}
