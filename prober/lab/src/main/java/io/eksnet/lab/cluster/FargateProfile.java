package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A Fargate profile. */
public record FargateProfile(
    String name, String status, List<String> subnetIds, List<Selector> selectors, Instant created)
    implements Item {

  public FargateProfile {
    subnetIds = List.copyOf(subnetIds);
    selectors = List.copyOf(selectors);
  }

  @Override
  public String key() {
    return name;
  }

  /** Pods of a namespace with these labels. */
  public record Selector(String namespace, Map<String, String> labels) {
    public Selector {
      labels = Map.copyOf(labels);
    }
  }

  public FargateProfile withStatus(String next) {
    return new FargateProfile(name, next, subnetIds, selectors, created);
  }
}
