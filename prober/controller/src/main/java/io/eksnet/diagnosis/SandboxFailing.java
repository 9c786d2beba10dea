package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toCollection;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * R72: the CNI fails to set up the network of pods for another reason than addresses. The messages
 * of plugins are many, so the finding quotes them.
 */
final class SandboxFailing implements DiagnosisRule {
  private static final Set<SandboxFailure> KINDS =
      EnumSet.of(SandboxFailure.CNI, SandboxFailure.NETWORK_POLICY);

  /**
   * The kubelet emits one event in 5 minutes for a pod that keeps failing (client-go, {@code
   * EventSourceObjectSpamFilter}: 25 events, then one in 300 s).
   */
  private static final Duration RECENT = Duration.ofMinutes(10);

  /** A failure that the next try of the kubelet, seconds later, makes good is none. */
  private static final Duration RETRIES = Duration.ofMinutes(1);

  private static final Pattern OTHER_PLUGIN =
      Pattern.compile("plugin type=\"(?!aws-cni\"|egress-cni\")([^\"]+)\"");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var withoutCni = NodeCniNotReady.names(evidence);
    var failures =
        evidence.list(Resources.SANDBOX_FAILURES).stream()
            .filter(failure -> KINDS.contains(failure.reason()))
            .filter(failure -> failure.last().plus(RECENT).isAfter(evidence.now()))
            .filter(failure -> !withoutCni.contains(failure.node()))
            .filter(failure -> mayStillFail(failure, evidence))
            .toList();
    return failures.isEmpty() ? Stream.empty() : Stream.of(finding(failures, evidence));
  }

  /** Whether a pod in its zone still waits, or that is unknown. */
  private static boolean mayStillFail(SandboxFailures failure, EvidenceIndex evidence) {
    return evidence
        .inventory()
        .get(Resources.PENDING_PODS)
        .filter(pods -> pods.stream().noneMatch(pod -> isWaiting(pod, failure.zone(), evidence)))
        .isEmpty();
  }

  private static boolean isWaiting(PendingPod pod, String zone, EvidenceIndex evidence) {
    return pod.waitsForAddress()
        && pod.zone().equals(zone)
        && pod.since().plus(RETRIES).isBefore(evidence.now());
  }

  private static Finding finding(List<SandboxFailures> failures, EvidenceIndex evidence) {
    var nodes = failures.stream().map(SandboxFailures::node).collect(toCollection(TreeSet::new));
    var messages = failures.stream().map(SandboxFailures::message).distinct().toList();
    var found =
        Finding.builder(RootCause.SANDBOX_FAILING, evidence.scope(nodes), 85)
            .evidence(
                "%d pod sandboxes failed on %s"
                    .formatted(
                        failures.stream().mapToLong(SandboxFailures::count).sum(),
                        FindingText.list(nodes)))
            .supportedBy(evidence.inventory(), Resources.SANDBOX_FAILURES, Resources.PENDING_PODS)
            .excludes("not addresses: the plugin reports another error");
    messages.stream().limit(3).forEach(message -> found.evidence("\"%s\"".formatted(message)));
    return found
        .fix(remedy(failures.get(0)))
        .fix("kubectl describe one of the pods that wait on %s".formatted(nodes.first()))
        .build();
  }

  /** Where to look first, for what the message names. */
  private static String remedy(SandboxFailures failure) {
    var message = failure.message();
    if (failure.reason() == SandboxFailure.NETWORK_POLICY) {
      return "kubectl -n kube-system logs -l k8s-app=aws-node -c aws-eks-nodeagent --prefix"
          + " --tail=50: the network policy agent of the node did not set up the pod";
    }
    if (message.contains("failed to find plugin")) {
      return "restart the pod of the CNI on %s: it installs the plugins in /opt/cni/bin"
          .formatted(failure.node());
    }
    if (message.contains("annotate pod with branch ENI")) {
      return "let admission webhooks and RBAC allow the VPC resource controller to annotate pods";
    }
    var other = OTHER_PLUGIN.matcher(message);
    return other.find()
        ? "read the logs of the agent of %s on %s".formatted(other.group(1), failure.node())
        : "read /var/log/aws-routed-eni/plugin.log and ipamd.log on %s, and replace the node if it"
                .formatted(failure.node())
            + " is the only one";
  }
}
