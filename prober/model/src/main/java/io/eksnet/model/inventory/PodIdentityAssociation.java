package io.eksnet.model.inventory;

/** Which role the pods of a service account get by EKS Pod Identity. */
public record PodIdentityAssociation(String namespace, String serviceAccount) {}
