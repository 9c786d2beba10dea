package io.eksnet.inventory.aws;

import io.eksnet.inventory.Permission;
import java.util.Arrays;
import java.util.List;

/** The AWS services that eksnet calls. */
public enum AwsService {
  EC2("ec2", "ec2", 2, 10),
  /**
   * The bucket of an account for {@code Describe*} holds 40 requests and refills with 10 a second
   * (ELB User Guide, "Request throttling"), which it shares with the AWS Load Balancer Controller;
   * eksnet takes less than a third.
   */
  ELBV2("elbv2", "elasticloadbalancing", 3, 10),
  EKS("eks", "eks", 1, 5),
  STS("sts", "sts", 1, 2);

  private final String label;
  private final String iamPrefix;
  private final double perSecond;
  private final int burst;

  AwsService(String label, String iamPrefix, double perSecond, int burst) {
    this.label = label;
    this.iamPrefix = iamPrefix;
    this.perSecond = perSecond;
    this.burst = burst;
  }

  /** The value of metric labels and the name in endpoint settings. */
  public String label() {
    return label;
  }

  RateLimit defaultLimit() {
    return new RateLimit(perSecond, burst);
  }

  /** Permissions for operations that accept no narrower resource than {@code *}. */
  List<Permission> anywhere(String... operations) {
    return Arrays.stream(operations)
        .<Permission>map(operation -> Permission.Iam.anywhere(action(operation)))
        .toList();
  }

  /**
   * Permission for an operation on resources of this account and Region.
   *
   * @param resources the end of their ARNs, such as {@code cluster/CLUSTER}
   */
  Permission on(String resources, String operation) {
    return new Permission.Iam(
        action(operation), List.of("arn:aws:" + iamPrefix + ":REGION:ACCOUNT:" + resources));
  }

  String action(String operation) {
    return iamPrefix + ":" + operation;
  }
}
