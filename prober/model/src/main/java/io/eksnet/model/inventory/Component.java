package io.eksnet.model.inventory;

import java.util.Optional;
import java.util.Set;

/**
 * A component that the cluster's network depends on, judged by its pods.
 *
 * @param name {@code coredns}, {@code aws-load-balancer-controller}, {@code aws-node}, {@code
 *     karpenter}, {@code external-dns}, {@code eks-pod-identity-agent}
 * @param crashLoop whether a container of it terminates again and again
 * @param cause of the crash loop, from its termination message
 * @param message its termination message, or empty
 * @param role the annotation {@code eks.amazonaws.com/role-arn} of its service account, or an empty
 *     text; empty Optional: unknown
 * @param credentials what its pods carry, as one pod may differ from another; empty: unknown
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
    Optional<String> role,
    Set<CredentialSource> credentials) {
  public Component {
    credentials = Set.copyOf(credentials);
  }

  /** Whether fewer of its pods are ready than it wants, or one crashes. */
  public boolean isUnhealthy() {
    return crashLoop || ready < desired;
  }
}
