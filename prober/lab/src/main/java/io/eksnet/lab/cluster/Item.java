package io.eksnet.lab.cluster;

/** One thing of the cluster's state; its class and its key name it. */
public interface Item {
  /** What distinguishes it from others of its class: an id, an ARN, {@code namespace/name}. */
  String key();
}
