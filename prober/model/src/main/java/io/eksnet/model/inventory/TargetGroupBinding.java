package io.eksnet.model.inventory;

import java.util.Optional;

/**
 * Which target group stands for which Service.
 *
 * @param api {@code elbv2.k8s.aws} or {@code eks.amazonaws.com}
 * @param servicePort a number or a name
 * @param targetType {@code ip} or {@code instance}
 * @param crossAccount whether the target group is another account's and cannot be read
 */
public record TargetGroupBinding(
    String api,
    String namespace,
    String name,
    String service,
    String servicePort,
    String targetGroupArn,
    String targetType,
    boolean crossAccount,
    Optional<Reconcile> reconcile) {}
