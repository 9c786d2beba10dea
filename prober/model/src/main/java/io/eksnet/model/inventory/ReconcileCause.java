package io.eksnet.model.inventory;

/** Why a controller fails, from its events and messages. */
public enum ReconcileCause {
  /** It cannot resolve names. */
  DNS("dns"),
  /** It gets no AWS credentials. */
  CREDENTIALS("credentials"),
  /** Its role may not do what it must. */
  IAM("iam"),
  /** It finds no subnets for the load balancer. */
  SUBNET_DISCOVERY("subnet_discovery"),
  /** It cannot tell which security group is its own. */
  SG("sg"),
  /** An annotation or a reference is wrong. */
  ANNOTATION("annotation"),
  /** AWS throttles it. */
  THROTTLED("throttled"),
  /** Anything else. */
  OTHER("other");

  private final String label;

  ReconcileCause(String label) {
    this.label = label;
  }

  /** As in metric labels. */
  public String label() {
    return label;
  }
}
