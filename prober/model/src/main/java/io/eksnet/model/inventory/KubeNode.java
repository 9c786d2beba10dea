package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;

/**
 * A node.
 *
 * @param zone empty if not known
 * @param instanceId empty where it is not an instance
 * @param nodeClass empty if no node class made it
 * @param podSlots its allocatable pods
 * @param podsOnIt the pods that take a slot
 * @param conditions those that are not as they should be
 */
public record KubeNode(
    String name,
    String zone,
    String instanceId,
    String instanceType,
    ComputeType computeType,
    String nodeClass,
    List<String> addresses,
    boolean ready,
    int podSlots,
    int podsOnIt,
    List<Condition> conditions,
    Instant created) {
  public KubeNode {
    addresses = List.copyOf(addresses);
    conditions = List.copyOf(conditions);
  }
}
