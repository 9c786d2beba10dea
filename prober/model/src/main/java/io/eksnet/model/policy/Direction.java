package io.eksnet.model.policy;

/** The direction of a connection, seen from a pod. */
public enum Direction {
  INGRESS,
  EGRESS
}
