package io.eksnet.inventory.aws;

import io.eksnet.inventory.Permission;
import java.util.List;

/** The rights to operations of EKS, as narrow as they can be (service authorization reference). */
final class EksRights {
  private static final String ARN = "arn:aws:eks:REGION:ACCOUNT:";

  private EksRights() {}

  /** On the cluster. */
  static Permission cluster(String operation) {
    return of(operation, "cluster/CLUSTER");
  }

  /** On an add-on of the cluster. */
  static Permission addon(String operation) {
    return of(operation, "addon/CLUSTER/*/*");
  }

  /** On a Fargate profile of the cluster. */
  static Permission fargateProfile(String operation) {
    return of(operation, "fargateprofile/CLUSTER/*/*");
  }

  private static Permission of(String operation, String resource) {
    return new Permission.Iam(AwsService.EKS.action(operation), List.of(ARN + resource));
  }
}
