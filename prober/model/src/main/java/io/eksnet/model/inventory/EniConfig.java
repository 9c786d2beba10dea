package io.eksnet.model.inventory;

/** The subnet of pods in one zone, with custom networking. */
public record EniConfig(String name, String subnetId) {}
