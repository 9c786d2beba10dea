package io.eksnet.model.inventory;

import java.util.Optional;

/**
 * Which target group stands for which Service.
 *
 * @param servicePort a number or a name
 */
public record TargetGroupBinding(
    String namespace,
    String name,
    String service,
    String servicePort,
    String targetGroupArn,
    Optional<Reconcile> reconcile) {}
