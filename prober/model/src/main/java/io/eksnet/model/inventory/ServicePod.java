package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pod behind a target group.
 *
 * @param branchInterface the interface of its own ({@code vpc.amazonaws.com/pod-eni}), if any
 * @param since when it got its node, or was created
 */
public record ServicePod(
    String namespace,
    String name,
    String ip,
    String node,
    boolean ready,
    boolean hostNetwork,
    Optional<String> branchInterface,
    List<ReadinessGate> gates,
    Instant since) {
  public ServicePod {
    gates = List.copyOf(gates);
  }
}
