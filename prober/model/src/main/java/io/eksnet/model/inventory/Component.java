package io.eksnet.model.inventory;

import java.util.Optional;

/**
 * A part of the cluster that its network depends on, judged by its pods.
 *
 * @param name {@code coredns}, {@code aws-load-balancer-controller}, {@code aws-node}, {@code
 *     karpenter}, {@code external-dns}, {@code eks-pod-identity-agent}
 * @param crashLoop whether one of its containers is in CrashLoopBackOff
 * @param cause of the crash loop, from its last words
 * @param message its last words, or empty
 * @param credentialsInjected whether its pods carry what the credential webhooks inject
 * @param role the annotation {@code eks.amazonaws.com/role-arn} of its service account; empty
 *     Optional: not known
 */
public record Component(
    String name,
    String namespace,
    String serviceAccount,
    int desired,
    int ready,
    boolean crashLoop,
    ReconcileCause cause,
    String message,
    boolean credentialsInjected,
    Optional<String> role) {}
