package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** Who may reach a load balancer. */
public enum Scheme implements Labelled {
  /** Everybody. */
  INTERNET_FACING,
  /** The VPC. */
  INTERNAL;

  @Override
  public String label() {
    return this == INTERNET_FACING ? "internet-facing" : "internal";
  }
}
