package io.eksnet.model.inventory;

/** A Service without endpoints, as those whose pods it selects want no pods. */
public record ScaledToZero(String namespace, String service) {}
