package io.eksnet.model.inventory;

import java.time.Instant;

/**
 * How many pod sandboxes of one class failed on a node.
 *
 * @param count since the controller began to watch, with one for each event of the 5 minutes before
 * @param message of the last one, without the id of the sandbox
 * @param last when the last of them was counted, or happened before the start
 */
public record SandboxFailures(
    String zone, String node, SandboxFailure reason, long count, String message, Instant last) {}
