package io.eksnet.model.inventory;

import java.time.Instant;

/**
 * A node that is not ready. Nodes that are cordoned, drained or being deleted are left out, and
 * Fargate nodes, which exist only while their pod does.
 *
 * @param zone empty if unknown
 * @param message of the condition {@code Ready}, or of what keeps the CNI from being ready
 * @param since when the condition changed, or when the node was created
 */
public record NotReadyNode(
    String name, String zone, NotReadyReason reason, String message, Instant since) {}
