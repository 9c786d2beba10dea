package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** The classes of failures to set up a pod's network, from the kubelet's events. */
public enum SandboxFailure implements Labelled {
  /** No address could be assigned. */
  NO_IP,
  /** ipamd (VPC CNI) on the node does not answer. */
  IPAMD_UNREACHABLE,
  /** No branch interface for a pod with security groups of its own. */
  BRANCH_ENI,
  /** The network policy could not be set up. */
  NETWORK_POLICY,
  /** The CNI plugin failed for another reason. */
  CNI,
  /** Anything else, such as an error of the container runtime. */
  OTHER
}
