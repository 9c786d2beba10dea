package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.SandboxFailure;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Classifies events about pods whose network could not be set up: of the kubelet, which quotes the
 * CNI plugin, and of the VPC resource controller. The messages, with their sources, are in the test
 * resource {@code messages.tsv}.
 */
final class SandboxEventParser {
  private static final Pattern NO_ADDRESSES =
      Pattern.compile(
          "InsufficientFreeAddressesInSubnet|InsufficientCidrBlocks|free addresses to satisfy");

  /** The trunk interface has as many branches as the instance type allows. */
  private static final Pattern BRANCH_LIMIT =
      Pattern.compile("free vlan id|no capacity|capacity .*reached|[Mm]aximum number of branch");

  private static final Pattern NO_BRANCH_INTERFACE =
      Pattern.compile("pod-eni|branch ENI|SetupBranchENIPodNetwork: failed to (find|get) ");

  /**
   * gRPC reports no other status if nothing responds; with any other one ipamd refused the call.
   */
  private static final Pattern IPAMD_SILENT =
      Pattern.compile(
          "(AddNetwork gRPC call|failed to connect to backend server)"
              + "(?!.*code = (?!Unavailable|DeadlineExceeded))",
          Pattern.DOTALL);

  /** Of containerd, of older runtimes, and of the container network interface library. */
  private static final Pattern CNI =
      Pattern.compile(
          "failed to set ?up network for sandbox|[Nn]etwork[Pp]lugin cni failed|plugin type=\"");

  /** On Windows the VPC resource controller labels the pod a moment later, if that is enabled. */
  private static final Pattern NOT_LABELLED =
      Pattern.compile("pod does not have label vpc\\.amazonaws\\.com/PrivateIPv4Address");

  /** What precedes the message of the plugin; the id of the sandbox differs each time. */
  private static final Pattern PREFIX =
      Pattern.compile(
          "^(?:\\(combined from similar events\\): )?Failed (?:to )?create pod sandbox: rpc error:"
              + " code = \\w+ desc = (?:failed to set ?up network for sandbox \"[^\"]*\": )?");

  private SandboxEventParser() {}

  /** The message without its prefix, so that repeated failures have the same. */
  static String text(String message) {
    return PREFIX.matcher(message).replaceFirst("");
  }

  /** The kind of failure; empty if the event is about something else. */
  static Optional<SandboxFailure> parse(String reason, String message) {
    return switch (reason) {
      case "BranchAllocationFailed" -> Optional.of(branchAllocation(message));
      // the interface exists: an admission webhook or a permission forbids the annotation
      case "BranchENIAnnotationFailed" -> Optional.of(SandboxFailure.CNI);
      case "FailedCreatePodSandBox" -> Optional.of(sandbox(message));
      default -> Optional.empty();
    };
  }

  private static SandboxFailure branchAllocation(String message) {
    if (NO_ADDRESSES.matcher(message).find()) {
      return SandboxFailure.NO_IP;
    }
    return BRANCH_LIMIT.matcher(message).find() ? SandboxFailure.BRANCH_ENI : SandboxFailure.OTHER;
  }

  private static SandboxFailure sandbox(String message) {
    if (message.contains("failed to setup network policy")) {
      return SandboxFailure.NETWORK_POLICY;
    }
    if (NO_BRANCH_INTERFACE.matcher(message).find()) {
      return SandboxFailure.BRANCH_ENI;
    }
    if (message.contains("failed to assign an IP address")) {
      return SandboxFailure.NO_IP;
    }
    if (IPAMD_SILENT.matcher(message).find()) {
      return SandboxFailure.IPAMD_UNREACHABLE;
    }
    return CNI.matcher(message).find() && !NOT_LABELLED.matcher(message).find()
        ? SandboxFailure.CNI
        : SandboxFailure.OTHER;
  }
}
