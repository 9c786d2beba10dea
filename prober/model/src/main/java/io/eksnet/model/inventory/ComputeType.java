package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** What a node runs on. */
public enum ComputeType implements Labelled {
  /** An instance of the user's own node groups or of Karpenter. */
  EC2,
  /** AWS Fargate: one pod a node. */
  FARGATE,
  /** An instance that EKS Auto Mode runs. */
  AUTO,
  /** A machine outside of AWS. */
  HYBRID
}
