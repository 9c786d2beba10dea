package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** Why a load balancer would not be put into a subnet, by the rules of its controller. */
public enum IneligibleReason implements Labelled {
  /** It may. */
  NONE,
  /** The role tag is missing, or another subnet has it. */
  NO_ROLE_TAG,
  /** The role tag has another value than empty or 1. */
  TAG_VALUE,
  /** It is tagged for other clusters only. */
  OTHER_CLUSTER_TAG,
  /** Fewer than 8 addresses are free. */
  FEW_IPS,
  /** It is in a local zone, and others are not: a load balancer cannot be in both. */
  LOCAL_ZONE,
  /** Another subnet of its zone comes first. */
  ZONE_TAKEN;

  @Override
  public String label() {
    return this == NONE ? "" : Labelled.super.label();
  }
}
