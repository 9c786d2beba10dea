package io.eksnet.model.inventory;

/** Why a load balancer would not be put into a subnet, by the rules of its controller. */
public enum IneligibleReason {
  /** It may. */
  NONE(""),
  /** The role tag is missing, or another subnet has it. */
  NO_ROLE_TAG("no_role_tag"),
  /** The role tag has another value than empty or 1. */
  TAG_VALUE("tag_value"),
  /** It is tagged for other clusters only. */
  OTHER_CLUSTER_TAG("other_cluster_tag"),
  /** Fewer than 8 addresses are free. */
  FEW_IPS("few_ips"),
  /** It has no IPv6 range, and the load balancer is dual-stack. */
  NO_IPV6("no_ipv6"),
  /** Another subnet of its zone comes first. */
  ZONE_TAKEN("zone_taken");

  private final String label;

  IneligibleReason(String label) {
    this.label = label;
  }

  /** As in metric labels. */
  public String label() {
    return label;
  }
}
