package io.eksnet.model.policy;

/** What enforces NetworkPolicies. */
public enum PolicyEngine {
  /** The network policy agent of the VPC CNI, enabled in {@code aws-node}. */
  VPC_CNI,
  /**
   * The same in strict mode: pods that no policy selects are isolated too (Amazon EKS User Guide,
   * "Set up policy enforcement at Pod startup").
   */
  VPC_CNI_STRICT,
  CALICO,
  CILIUM,
  /** The network policy agent of the VPC CNI is off: policies have no effect. */
  NONE,
  /** None of these; Auto Mode and other plugins may enforce policies. */
  UNKNOWN
}
