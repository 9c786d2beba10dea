package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** What a pod carries to get AWS credentials. */
public enum CredentialSource implements Labelled {
  /** Nothing: AWS SDKs fall back to the role of the node. */
  NONE,
  /** A web identity token and {@code AWS_ROLE_ARN} (IAM roles for service accounts). */
  IRSA,
  /** {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} (EKS Pod Identity). */
  POD_IDENTITY,
  /** Access keys, a profile, a Secret, or the annotation of kube2iam. */
  STATIC
}
