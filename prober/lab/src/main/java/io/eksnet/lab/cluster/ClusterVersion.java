package io.eksnet.lab.cluster;

import java.time.Instant;

/** A version of Kubernetes and how long EKS supports it. */
public record ClusterVersion(
    String version, String status, Instant released, Instant standardEnd, Instant extendedEnd)
    implements Item {

  @Override
  public String key() {
    return version;
  }
}
