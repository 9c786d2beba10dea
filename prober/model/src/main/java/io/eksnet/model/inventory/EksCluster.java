package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The cluster as EKS describes it.
 *
 * @param supportType {@code STANDARD} or {@code EXTENDED}
 * @param standardSupportEnd of its version, if EKS reports it
 */
public record EksCluster(
    String name,
    String version,
    String vpcId,
    List<String> subnetIds,
    boolean autoMode,
    String supportType,
    Optional<Instant> standardSupportEnd,
    List<Issue> issues) {
  public EksCluster {
    subnetIds = List.copyOf(subnetIds);
    issues = List.copyOf(issues);
  }
}
