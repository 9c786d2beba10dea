package io.eksnet.model.inventory;

/** Why a pod was not scheduled, from the scheduler's words. */
public enum UnschedulableReason {
  /** It is scheduled, or nothing was said yet. */
  NONE(""),
  /** Only Fargate nodes are there, and their taint is not tolerated. */
  FARGATE_TAINT("fargate_taint"),
  /** Another taint is not tolerated. */
  TAINT("taint"),
  /** All pod slots of the nodes are taken: max-pods, not addresses. */
  INSUFFICIENT_PODS("insufficient_pods"),
  /** No node has the CPU it asks for. */
  INSUFFICIENT_CPU("insufficient_cpu"),
  /** No node has the memory it asks for. */
  INSUFFICIENT_MEMORY("insufficient_memory"),
  /** Affinity, selectors or topology spread exclude all nodes. */
  AFFINITY("affinity"),
  /** Its volume cannot be bound or attached. */
  VOLUME("volume"),
  /** There is no node at all. */
  NO_NODES("no_nodes"),
  /** Anything else. */
  OTHER("other");

  private final String label;

  UnschedulableReason(String label) {
    this.label = label;
  }

  /** As in metric labels. */
  public String label() {
    return label;
  }
}
