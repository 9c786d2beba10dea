package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;

/**
 * A node.
 *
 * @param zone empty if unknown
 * @param instanceId empty if the node is not an EC2 instance
 * @param nodeClass empty if no node class created it
 * @param podSlots its allocatable pods
 * @param podsOnIt the pods that use a slot
 * @param conditions those that report a fault
 * @param taints those that keep pods away, such as {@code {dedicated: gpu}}
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
    List<Taint> taints,
    Instant created) {
  public KubeNode {
    addresses = List.copyOf(addresses);
    conditions = List.copyOf(conditions);
    taints = List.copyOf(taints);
  }

  /** A node without taints. */
  public KubeNode(
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
    this(
        name,
        zone,
        instanceId,
        instanceType,
        computeType,
        nodeClass,
        addresses,
        ready,
        podSlots,
        podsOnIt,
        conditions,
        List.of(),
        created);
  }
}
