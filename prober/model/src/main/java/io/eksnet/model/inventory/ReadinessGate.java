package io.eksnet.model.inventory;

import java.time.Instant;

/**
 * A readiness gate of the AWS Load Balancer Controller or of EKS Auto Mode that keeps a pod from
 * being ready although its containers are.
 *
 * @param binding the name of the TargetGroupBinding in the namespace of the pod
 * @param reason of the load balancer for the health of the target, such as {@code
 *     Elb.RegistrationInProgress}; empty if the controller set no condition yet
 * @param since when the containers became ready
 */
public record ReadinessGate(
    String namespace, String pod, String binding, String reason, String message, Instant since) {}
