package io.eksnet.model.inventory;

/** A health issue that EKS itself reports. */
public record Issue(String code) {}
