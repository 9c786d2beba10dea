package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A Fargate profile and which pods it admits. */
public record FargateProfile(
    String name, String status, Instant created, List<String> subnetIds, List<Selector> selectors) {
  /** Pods of a namespace with these labels. */
  public record Selector(String namespace, Map<String, String> labels) {
    public Selector {
      labels = Map.copyOf(labels);
    }
  }

  public FargateProfile {
    subnetIds = List.copyOf(subnetIds);
    selectors = List.copyOf(selectors);
  }
}
