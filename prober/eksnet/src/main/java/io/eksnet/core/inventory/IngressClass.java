package io.eksnet.core.inventory;

/** An IngressClass and who answers to it. */
public record IngressClass(String name, String controller, boolean isDefault) {}
