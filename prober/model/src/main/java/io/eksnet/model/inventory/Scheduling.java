package io.eksnet.model.inventory;

import io.eksnet.model.JsonName;
import java.util.List;

/**
 * How the scheduling of a pod went.
 *
 * @param message of the scheduler; empty if the pod is scheduled
 * @param taints of nodes that keep the pod away, such as {@code {dedicated: gpu}}, from the message
 *     or from the nodes: kube-scheduler 1.34.2 and later name none (kubernetes/kubernetes#134740)
 */
public record Scheduling(
    boolean scheduled,
    @JsonName("obstacle") UnschedulableReason reason,
    String message,
    List<String> taints) {
  /** The pod has a node. */
  public static final Scheduling DONE = new Scheduling(true, UnschedulableReason.NONE, "");

  public Scheduling {
    taints = List.copyOf(taints);
  }

  /** Without taints. */
  public Scheduling(boolean scheduled, UnschedulableReason reason, String message) {
    this(scheduled, reason, message, List.of());
  }
}
