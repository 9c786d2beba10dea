package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;

/**
 * A node.
 *
 * @param zone empty if unknown
 * @param instanceId empty if the node is not an EC2 instance
 * @param addresses of type {@code InternalIP}, in the order of its status
 * @param podSlots its allocatable pods
 * @param podsOnIt the pods that use a slot
 * @param taints those that keep pods away, such as {@code {dedicated: gpu}}
 */
public record KubeNode(
    String name,
    String zone,
    String instanceId,
    List<String> addresses,
    ComputeType computeType,
    boolean ready,
    int podSlots,
    int podsOnIt,
    List<Taint> taints,
    Instant created) {
  public KubeNode {
    addresses = List.copyOf(addresses);
    taints = List.copyOf(taints);
  }
}
