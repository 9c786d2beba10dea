package io.eksnet.model.inventory;

/** The classes of failures to set up a pod's network, from the kubelet's events. */
public enum SandboxFailure {
  /** No address could be assigned. */
  NO_IP("no_ip"),
  /** The address manager of the node does not answer. */
  IPAMD_UNREACHABLE("ipamd_unreachable"),
  /** No branch interface for a pod with security groups of its own. */
  BRANCH_ENI("branch_eni"),
  /** The network policy could not be set up. */
  NETWORK_POLICY("network_policy"),
  /** Anything else. */
  OTHER("other");

  private final String label;

  SandboxFailure(String label) {
    this.label = label;
  }

  /** As in metric labels. */
  public String label() {
    return label;
  }
}
