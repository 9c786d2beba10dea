package io.eksnet.core.inventory;

/**
 * How many pod sandboxes of one class failed on a node.
 *
 * @param count since the controller began to watch
 * @param recent of these, in the last 5 minutes
 */
public record SandboxFailures(
    String zone, String node, SandboxFailure reason, long count, long recent) {}
