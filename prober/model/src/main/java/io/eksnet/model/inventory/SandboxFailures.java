package io.eksnet.model.inventory;

import java.time.Instant;

/**
 * How many pod sandboxes of one class failed on a node.
 *
 * @param count since the controller began to watch
 * @param last when the last of them was counted
 */
public record SandboxFailures(
    String zone, String node, SandboxFailure reason, long count, Instant last) {}
