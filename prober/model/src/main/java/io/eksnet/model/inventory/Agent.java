package io.eksnet.model.inventory;

/** An agent of eksnet. */
public record Agent(String node, String zone, String address, boolean ready) {}
