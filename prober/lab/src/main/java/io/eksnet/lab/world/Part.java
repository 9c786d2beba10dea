package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;

/** A part of the lab that shows something of the state. */
interface Part extends AutoCloseable {
  /** Shows this state; when it returns, the next packet meets it. */
  void follow(ClusterState state);

  @Override
  void close();
}
