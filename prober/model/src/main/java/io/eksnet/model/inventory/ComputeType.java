package io.eksnet.model.inventory;

/** What a node runs on. */
public enum ComputeType {
  /** An instance of the user's own node groups or of Karpenter. */
  EC2("ec2"),
  /** AWS Fargate: one pod a node. */
  FARGATE("fargate"),
  /** An instance that EKS Auto Mode runs. */
  AUTO("auto"),
  /** A machine outside of AWS. */
  HYBRID("hybrid");

  private final String label;

  ComputeType(String label) {
    this.label = label;
  }

  /** As in metric labels. */
  public String label() {
    return label;
  }
}
