package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * R1: only Fargate nodes are there, and CoreDNS was made before a Fargate profile could admit it: a
 * pod is handed to the {@code fargate-scheduler} at its creation or never.
 */
final class CoreDnsFargateNotAdmitted implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var stuck =
        evidence.inventory().list(Resources.DNS_PODS).stream()
            .filter(CoreDnsFargateNotAdmitted::waitsForFargate)
            .toList();
    if (stuck.isEmpty() || hasRoomElsewhere(evidence)) {
      return Stream.empty();
    }
    var first = stuck.get(0);
    var draft =
        FindingBuilder.of(RootCause.COREDNS_FARGATE_NOT_ADMITTED, "cluster", 95)
            .seen(
                "%d CoreDNS pods are Pending with schedulerName %s: \"%s\""
                    .formatted(stuck.size(), first.schedulerName(), first.scheduling().message()))
            .supportedBy(evidence, Resources.DNS_PODS, Resources.NODES)
            .excludes("not CPU or memory: the scheduler names the taint of Fargate nodes only")
            .fix(
                "see that a Fargate profile with the namespace kube-system is ACTIVE",
                "set the annotation eks.amazonaws.com/compute-type of the CoreDNS pod template to"
                    + " fargate, or remove its value ec2",
                "kubectl -n kube-system rollout restart deployment coredns",
                "keep it that way with the computeType of the EKS add-on coredns")
            .explains(
                RootCause.COREDNS_NOT_READY,
                RootCause.DOWNSTREAM_OF_DNS,
                RootCause.INGRESS_RECONCILE_FAILING,
                RootCause.INGRESS_DNS_MISMATCH);
    profile(evidence, first).ifPresent(draft::seen);
    return draft.stream();
  }

  private static boolean waitsForFargate(DnsPod pod) {
    return pod.node().isEmpty()
        && !pod.scheduling().scheduled()
        && pod.scheduling().obstacle() == UnschedulableReason.FARGATE_TAINT
        && !pod.schedulerName().equals("fargate-scheduler");
  }

  private static boolean hasRoomElsewhere(Evidence evidence) {
    return evidence.inventory().list(Resources.NODES).stream()
        .anyMatch(CoreDnsFargateNotAdmitted::hasRoom);
  }

  private static boolean hasRoom(KubeNode node) {
    return node.computeType() != ComputeType.FARGATE
        && node.ready()
        && node.podsOnIt() < node.podSlots();
  }

  private static Optional<String> profile(Evidence evidence, DnsPod pod) {
    return evidence.inventory().list(Resources.FARGATE_PROFILES).stream()
        .filter(p -> p.selectors().stream().anyMatch(s -> s.namespace().equals("kube-system")))
        .findFirst()
        .map(
            p ->
                "Fargate profile "
                    + p.name()
                    + " selects kube-system, is "
                    + p.status()
                    + " and was made "
                    + (p.created().isAfter(pod.created()) ? "after" : "before")
                    + " the pod "
                    + pod.name());
  }
}
