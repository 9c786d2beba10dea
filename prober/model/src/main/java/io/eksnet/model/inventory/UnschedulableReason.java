package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** Why a pod was not scheduled, from the scheduler's words. */
public enum UnschedulableReason implements Labelled {
  /** It is scheduled, or the scheduler has not reported yet. */
  NONE,
  /** Only Fargate nodes are there, and their taint is not tolerated. */
  FARGATE_TAINT,
  /** Another taint is not tolerated. */
  TAINT,
  /** All pod slots of the nodes are taken: max-pods, not addresses. */
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
