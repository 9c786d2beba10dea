package io.eksnet.model.inventory;

import java.util.List;

/**
 * A node class of Karpenter or of Auto Mode.
 *
 * @param api {@code karpenter.k8s.aws} or {@code eks.amazonaws.com}
 * @param unrendered paths and texts in its spec that are templates nobody filled in
 * @param subnetIds what its selector resolved to
 */
public record NodeClass(
    String api,
    String name,
    List<Condition> conditions,
    List<String> unrendered,
    List<String> subnetIds) {
  public NodeClass {
    conditions = List.copyOf(conditions);
    unrendered = List.copyOf(unrendered);
    subnetIds = List.copyOf(subnetIds);
  }
}
