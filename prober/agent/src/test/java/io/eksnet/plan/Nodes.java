package io.eksnet.plan;

import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.KubeNode;
import java.util.List;

/** Words for nodes in tests. */
final class Nodes {
  private Nodes() {}

  static KubeNode of(String name, boolean ready) {
    return new KubeNode(
        name, "a", "i-" + name, List.of(), ComputeType.EC2, ready, 29, 3, List.of(), Cluster.NOW);
  }
}
