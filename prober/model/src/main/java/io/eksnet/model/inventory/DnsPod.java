package io.eksnet.model.inventory;

import io.eksnet.model.JsonName;
import java.time.Instant;

/**
 * A pod of CoreDNS.
 *
 * @param node empty while it has none
 * @param zone of its node, or empty
 * @param ip empty while it has none
 * @param phase {@code Pending}, {@code Running}, …
 * @param schedulerName {@code fargate-scheduler} if a Fargate profile admitted it
 * @param computeType the annotation {@code eks.amazonaws.com/compute-type}, or empty
 * @param containerReason why its container waits or last terminated, such as {@code
 *     CrashLoopBackOff}, or empty
 */
public record DnsPod(
    String name,
    String node,
    String zone,
    String ip,
    String phase,
    boolean ready,
    Scheduling scheduling,
    String schedulerName,
    String computeType,
    Instant created,
    @JsonName("trouble") String containerReason) {}
