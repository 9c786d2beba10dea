package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** Why a pod was not scheduled, from the message of the scheduler. */
public enum UnschedulableReason implements Labelled {
  /** It is scheduled, or the scheduler has not judged it yet. */
  NONE,
  /** All nodes that could take it are Fargate nodes, whose taint it does not tolerate. */
  FARGATE_TAINT,
  /** It does not tolerate another taint. */
  TAINT,
  /** The nodes are not ready, or unreachable: taints of the node lifecycle controller. */
  NODES_NOT_READY,
  /** The nodes are cordoned. */
  CORDONED,
  /** All pod slots of the nodes are in use: max-pods, not addresses. */
  INSUFFICIENT_PODS,
  /** No node has the CPU it asks for. */
  INSUFFICIENT_CPU,
  /** No node has the memory it asks for. */
  INSUFFICIENT_MEMORY,
  /** Affinity, selectors or topology spread exclude all nodes. */
  AFFINITY,
  /** Its volume cannot be bound or attached. */
  VOLUME,
  /** There is no node at all. */
  NO_NODES,
  /** Anything else. */
  OTHER;

  @Override
  public String label() {
    return this == NONE ? "" : Labelled.super.label();
  }
}
