package io.eksnet.model.inventory;

/** What the cluster uses a subnet for. */
public enum SubnetRole {
  /** The control plane has its interfaces there. */
  CONTROL_PLANE("control_plane"),
  /** Primary interfaces of nodes are there. */
  NODE("node"),
  /** Secondary interfaces of nodes are there. */
  POD("pod"),
  /** An ENIConfig names it. */
  POD_ENICONFIG("pod_eniconfig"),
  /** The CNI may use it by its tag. */
  POD_CNI_TAG("pod_cni_tag"),
  /** A Karpenter node class resolved to it. */
  KARPENTER("karpenter"),
  /** A node class of Auto Mode resolved to it. */
  AUTO_MODE("auto_mode"),
  /** A Fargate profile names it. */
  FARGATE("fargate"),
  /** Internet-facing load balancers may use it, or do. */
  ELB_PUBLIC("elb_public"),
  /** Internal load balancers may use it, or do. */
  ELB_INTERNAL("elb_internal");

  private final String label;

  SubnetRole(String label) {
    this.label = label;
  }

  /** As in metric labels. */
  public String label() {
    return label;
  }
}
