package io.eksnet.model.inventory;

import java.util.List;
import java.util.Map;

/**
 * A NodePool of Karpenter or of Auto Mode.
 *
 * @param reachedLimits the limits of its spec that admit no further node of the average size of its
 *     nodes, such as {@code cpu} to {@code 98 of 100}
 */
public record NodePool(String name, List<Condition> conditions, Map<String, String> reachedLimits) {
  public NodePool {
    conditions = List.copyOf(conditions);
    reachedLimits = Map.copyOf(reachedLimits);
  }
}
