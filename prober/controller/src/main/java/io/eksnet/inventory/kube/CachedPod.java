package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.ReadinessGate;
import io.eksnet.model.inventory.Scheduling;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a pod.
 *
 * @param role as in {@link Roles}
 * @param since when it got its node, or was made
 * @param detail only of pods with a role
 */
record CachedPod(
    String namespace,
    String name,
    String role,
    String node,
    String ip,
    String phase,
    boolean ready,
    boolean hostNetwork,
    boolean terminating,
    Scheduling scheduling,
    Instant created,
    Instant since,
    Optional<String> branchInterface,
    List<ReadinessGate> gates,
    Optional<Detail> detail) {
  /**
   * What else is kept of a pod with a role.
   *
   * @param computeType the annotation {@code eks.amazonaws.com/compute-type}, or empty
   * @param trouble why a container waits or ended last, or empty
   * @param backingOff whether the kubelet waits before it starts a container again
   * @param restarts of the container with the most
   * @param lastEnd when a container ended last
   * @param lastWords what it said then, or empty
   * @param credentials whether it has what the credential webhooks inject
   */
  record Detail(
      String schedulerName,
      String computeType,
      String trouble,
      boolean backingOff,
      int restarts,
      Instant lastEnd,
      String lastWords,
      boolean credentials) {}

  boolean pending() {
    return phase.equals("Pending");
  }
}
