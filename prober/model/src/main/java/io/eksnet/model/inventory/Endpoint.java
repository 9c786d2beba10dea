package io.eksnet.model.inventory;

/**
 * One backend of a Service.
 *
 * @param ready whether it should get traffic
 * @param terminating whether it is going away
 * @param node empty if not known
 */
public record Endpoint(String address, boolean ready, boolean terminating, String node) {}
