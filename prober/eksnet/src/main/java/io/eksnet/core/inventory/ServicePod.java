package io.eksnet.core.inventory;

import java.util.List;
import java.util.Optional;

/**
 * A pod behind a target group.
 *
 * @param branchInterface the interface of its own ({@code vpc.amazonaws.com/pod-eni}), if any
 */
public record ServicePod(
    String namespace,
    String name,
    String ip,
    String node,
    boolean ready,
    boolean hostNetwork,
    Optional<String> branchInterface,
    List<ReadinessGate> gates) {
  public ServicePod {
    gates = List.copyOf(gates);
  }
}
