package io.eksnet.core.inventory;

/** An agent of eksnet. */
public record Agent(String node, String zone, String address, boolean ready) {}
