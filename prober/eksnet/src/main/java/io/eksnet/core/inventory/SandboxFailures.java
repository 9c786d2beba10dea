package io.eksnet.core.inventory;

/** How many pod sandboxes of one class failed on a node since the controller began to watch. */
public record SandboxFailures(String zone, String node, SandboxFailure reason, long count) {}
