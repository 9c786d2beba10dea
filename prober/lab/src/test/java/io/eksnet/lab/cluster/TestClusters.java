package io.eksnet.lab.cluster;

import java.time.Instant;

/** A healthy cluster without servers, and the ids of its resources. */
public final class TestClusters {
  public static final LabNetwork NETWORK =
      new LabNetwork(10, 8080, 10053, 8000, 8081, 9853, 8443, 61_678, 8082, 6443);
  public static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  public static final String VPC = "vpc-0a1b2c3d4e5f60718";
  public static final String CLUSTER_GROUP = "sg-0aaaaaaaaaaaaaaa1";
  public static final String NODE_GROUP = "sg-0bbbbbbbbbbbbbbb2";
  public static final String BACKEND_GROUP = "sg-0ddddddddddddddd4";
  public static final String PRIVATE_SUBNET_A = "subnet-0000000000000001a";
  public static final String PRIVATE_SUBNET_B = "subnet-0000000000000001b";
  public static final String PUBLIC_SUBNET_B = "subnet-0000000000000002b";
  public static final String FRONTEND_TARGETS =
      "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/"
          + "k8s-shop-frontend-0f1e2d3c4b/0f1e2d3c4b000001";
  public static final String STOREFRONT =
      "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/"
          + "app/k8s-shop-storefro-5a6b7c8d9e/5a6b7c8d9e000001";

  private TestClusters() {}

  public static ClusterState healthy() {
    return HealthyCluster.load(NETWORK, NOW);
  }
}
