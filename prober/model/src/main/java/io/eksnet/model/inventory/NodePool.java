package io.eksnet.model.inventory;

import java.util.List;

/** A NodePool of Karpenter or of Auto Mode. */
public record NodePool(String name, List<Condition> conditions) {
  public NodePool {
    conditions = List.copyOf(conditions);
  }
}
