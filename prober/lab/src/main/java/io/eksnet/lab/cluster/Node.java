package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A node and its instance.
 *
 * @param computeType {@code ec2}, {@code fargate} or {@code auto}
 * @param instanceId empty for Fargate
 * @param podSlots how many pods it takes
 * @param labels beside those that every node has
 * @param conditions beside Ready
 */
public record Node(
    String name,
    String zone,
    String address,
    String subnetId,
    String instanceId,
    String instanceType,
    String computeType,
    int podSlots,
    boolean ready,
    Map<String, String> labels,
    List<Condition> conditions,
    Instant created)
    implements Item {
  public Node {
    labels = Map.copyOf(labels);
    conditions = List.copyOf(conditions);
  }

  /** A node that is ready. */
  public static Node of(String name, String zone, String address, String subnetId, Instant made) {
    var id = "i-" + Ids.hex(name, 17);
    return new Node(
        name, zone, address, subnetId, id, "m5.large", "ec2", 29, true, Map.of(), List.of(), made);
  }

  @Override
  public String key() {
    return name;
  }

  public Node withReady(boolean next) {
    return new Node(
        name,
        zone,
        address,
        subnetId,
        instanceId,
        instanceType,
        computeType,
        podSlots,
        next,
        labels,
        conditions,
        created);
  }

  /** Runs on something else: {@code ec2}, {@code fargate}, {@code auto}, {@code hybrid}. */
  public Node withComputeType(String next) {
    return new Node(
        name,
        zone,
        address,
        subnetId,
        instanceId,
        instanceType,
        next,
        podSlots,
        ready,
        labels,
        conditions,
        created);
  }

  public Node withPodSlots(int next) {
    return new Node(
        name,
        zone,
        address,
        subnetId,
        instanceId,
        instanceType,
        computeType,
        next,
        ready,
        labels,
        conditions,
        created);
  }

  /** Adds a condition, in place of one of the same type. */
  public Node with(Condition condition) {
    var next = new ArrayList<>(conditions);
    next.removeIf(old -> old.type().equals(condition.type()));
    next.add(condition);
    return new Node(
        name,
        zone,
        address,
        subnetId,
        instanceId,
        instanceType,
        computeType,
        podSlots,
        ready,
        labels,
        next,
        created);
  }

  /** The same name on Fargate: no instance, one pod. */
  public Node onFargate() {
    return new Node(
        name, zone, address, subnetId, "", "", "fargate", 1, ready, labels, conditions, created);
  }
}
