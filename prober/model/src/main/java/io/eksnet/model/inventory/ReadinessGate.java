package io.eksnet.model.inventory;

/**
 * What a pod's readiness gate repeats of its target's health: known without asking AWS.
 *
 * @param binding the TargetGroupBinding
 */
public record ReadinessGate(String binding, String status, String reason, String message) {}
