package io.eksnet.model.inventory;

/**
 * Who the controller is to AWS.
 *
 * @param method {@code irsa}, {@code pod_identity} or {@code other}
 */
public record CallerIdentity(String method) {}
