package io.eksnet.diagnosis;

import io.eksnet.model.inventory.ReconcileCause;

/** What to do about an error of the AWS Load Balancer Controller, by its class. */
final class ReconcileRemedy {
  private ReconcileRemedy() {}

  static String of(ReconcileCause cause) {
    return switch (cause) {
      case IAM -> "allow the action that the message names for the IAM role of the controller";
      case DNS ->
          "check DNS on the nodes of the controller: its lookups fail while those of other nodes may"
              + " succeed";
      case CREDENTIALS_TRUST_POLICY ->
          "check the trust policy of the controller's IAM role: its OIDC provider, its audience"
              + " and its service account";
      case IMDS_UNREACHABLE ->
          "set --aws-vpc-id and --aws-region of the controller, or raise the hop limit of the"
              + " instance metadata to 2";
      case NAME_NOT_FOUND ->
          "check the Region and the endpoint of the controller: DNS answers that the name does not"
              + " exist";
      case SUBNET_EXHAUSTED -> "free at least 8 addresses in each subnet of the load balancer";
      case THROTTLED ->
          "wait for its retries; check which other clients reach the rate limit of the same API";
      case SG -> "tag exactly one security group of each node for the cluster";
      case CREDENTIALS ->
          "check the trust policy of the controller's IAM role, and the Pod Identity agent on its"
              + " nodes; credentials are injected only when a pod is created";
      case SUBNET_DISCOVERY ->
          "tag at least two subnets in different zones for the scheme of the load balancer";
      case ANNOTATION -> "correct the annotation or the reference that the message names";
      default -> "follow the message of the controller";
    };
  }
}
