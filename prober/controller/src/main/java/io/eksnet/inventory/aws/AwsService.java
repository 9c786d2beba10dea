package io.eksnet.inventory.aws;

import io.eksnet.inventory.Permission;
import java.util.Arrays;
import java.util.List;

/** The services of AWS that are asked. */
public enum AwsService {
  /** Subnets, interfaces, security groups, routes, VPC endpoints. */
  EC2("ec2", "ec2", 2, 10),
  /**
   * Load balancers. The bucket of an account refills with 10 calls a second and is shared with the
   * load balancer controller (ELB API throttling), so a tenth of it is ours.
   */
  ELBV2("elbv2", "elasticloadbalancing", 1, 2),
  /** The cluster, its add-ons and profiles. */
  EKS("eks", "eks", 1, 5),
  /** Who the controller is. */
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

  /** As in metric labels, and in the names of endpoint settings. */
  public String label() {
    return label;
  }

  /** How often it may be called unless the settings say otherwise. */
  public RateLimit budget() {
    return new RateLimit(perSecond, burst);
  }

  /** The action behind an operation, as IAM names it. */
  String action(String operation) {
    return iamPrefix + ":" + operation;
  }

  /** The rights to operations that accept no narrower resource. */
  List<Permission> anywhere(String... operations) {
    return Arrays.stream(operations)
        .<Permission>map(operation -> Permission.Iam.anywhere(action(operation)))
        .toList();
  }
}
