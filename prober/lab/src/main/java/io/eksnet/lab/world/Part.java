package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;

/** A part of the lab that shows something of the state. */
interface Part extends AutoCloseable {
  /** Shows this state; when it returns, the next packet meets it. */
  void follow(ClusterState state);

  /** Closes what is left for those that this state does not have, once no part leads to it. */
  default void retire(ClusterState state) {}

  @Override
  void close();
}
