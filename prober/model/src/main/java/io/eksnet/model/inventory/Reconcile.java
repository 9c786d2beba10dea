package io.eksnet.model.inventory;

/**
 * How a controller's last attempt at an object went, from its events.
 *
 * @param cause of the failure; meaningless when it did not fail
 * @param reason the event's
 * @param count how often
 */
public record Reconcile(
    boolean failing, ReconcileCause cause, String reason, String message, int count) {}
