package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;

/** Servers that implement a part of the cluster's state. */
interface ServerGroup extends AutoCloseable {
  /** Serves this state from the next packet on. */
  void update(ClusterState state);

  /** Closes the servers that this state does not need, when no other server leads to them. */
  default void closeUnused(ClusterState state) {}

  @Override
  void close();
}
