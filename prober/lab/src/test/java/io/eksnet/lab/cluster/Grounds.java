package io.eksnet.lab.cluster;

import java.time.Instant;

/** A healthy cluster that listens nowhere. */
public final class Grounds {
  public static final Ground GROUND =
      new Ground(10, 8080, 10053, 8000, 8081, 9853, 8443, 61_678, 8082, 6443);
  public static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  private Grounds() {}

  public static ClusterState healthy() {
    return HealthyCluster.on(GROUND, NOW);
  }
}
