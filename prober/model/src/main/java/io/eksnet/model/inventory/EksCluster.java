package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The cluster as EKS describes it.
 *
 * @param region such as {@code eu-west-1}; empty in evidence of older versions
 * @param apiServer the host of its API endpoint, if EKS reports one
 * @param supportType {@code STANDARD} or {@code EXTENDED}
 * @param standardSupportEnd of its version, if EKS reports it
 */
public record EksCluster(
    String name,
    Optional<String> region,
    Optional<String> apiServer,
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
