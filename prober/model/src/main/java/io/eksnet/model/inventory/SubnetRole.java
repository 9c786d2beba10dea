package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** What the cluster uses a subnet for. */
public enum SubnetRole implements Labelled {
  /** The control plane has its interfaces there. */
  CONTROL_PLANE,
  /** Primary interfaces of nodes are there. */
  NODE,
  /** Secondary interfaces of nodes are there. */
  POD,
  /** An ENIConfig names it. */
  POD_ENICONFIG,
  /** The CNI may use it by its tag. */
  POD_CNI_TAG,
  /** A Karpenter node class resolved to it. */
  KARPENTER,
  /** A node class of Auto Mode resolved to it. */
  AUTO_MODE,
  /** A Fargate profile names it. */
  FARGATE,
  /** Internet-facing load balancers may use it, or do. */
  ELB_PUBLIC,
  /** Internal load balancers may use it, or do. */
  ELB_INTERNAL
}
