package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.SandboxFailure;
import java.util.Optional;
import java.util.Set;

/** Classifies events about pods whose network could not be set up. */
final class SandboxEventParser {
  /** Reasons of the VPC resource controller (amazon-vpc-resource-controller-k8s). */
  private static final Set<String> BRANCH_ENI_REASONS =
      Set.of("BranchAllocationFailed", "BranchENIAnnotationFailed");

  private SandboxEventParser() {}

  /** The kind of failure; empty if the event is about something else. */
  static Optional<SandboxFailure> parse(String reason, String message) {
    if (BRANCH_ENI_REASONS.contains(reason)) {
      return Optional.of(SandboxFailure.BRANCH_ENI);
    }
    return reason.equals("FailedCreatePodSandBox")
        ? Optional.of(classify(message))
        : Optional.empty();
  }

  private static SandboxFailure classify(String message) {
    if (message.contains("failed to setup network policy")) {
      return SandboxFailure.NETWORK_POLICY;
    }
    if (message.contains("pod-eni") || message.contains("branch ENI")) {
      return SandboxFailure.BRANCH_ENI;
    }
    if (message.contains("failed to assign an IP address")) {
      return SandboxFailure.NO_IP;
    }
    return message.contains("AddNetwork gRPC")
        ? SandboxFailure.IPAMD_UNREACHABLE
        : SandboxFailure.OTHER;
  }
}
