package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.stream.Stream;

/** R2: CoreDNS pods wait for a node, and not for one of Fargate. */
final class CoreDnsUnschedulable implements Rule {
  private final Rule fargate = new CoreDnsFargateNotAdmitted();

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var stuck =
        evidence.inventory().list(Resources.DNS_PODS).stream()
            .filter(CoreDnsUnschedulable::waits)
            .toList();
    if (stuck.isEmpty() || fargate.apply(evidence).findAny().isPresent()) {
      return Stream.empty();
    }
    var scheduling = stuck.get(0).scheduling();
    return FindingBuilder.of(RootCause.COREDNS_UNSCHEDULABLE, "cluster", 90)
        .seen(
            "%d of %d CoreDNS pods are not scheduled (%s): \"%s\""
                .formatted(
                    stuck.size(),
                    evidence.inventory().list(Resources.DNS_PODS).size(),
                    scheduling.obstacle().label(),
                    scheduling.message()))
        .supportedBy(evidence, Resources.DNS_PODS)
        .fix(remedy(scheduling.obstacle()), "kubectl -n kube-system get pods -l k8s-app=kube-dns")
        .explains(
            RootCause.COREDNS_NOT_READY,
            RootCause.DOWNSTREAM_OF_DNS,
            RootCause.INGRESS_RECONCILE_FAILING,
            RootCause.INGRESS_DNS_MISMATCH)
        .stream();
  }

  private static boolean waits(DnsPod pod) {
    return pod.node().isEmpty()
        && !pod.scheduling().scheduled()
        && pod.scheduling().obstacle() != UnschedulableReason.NONE;
  }

  private static String remedy(UnschedulableReason obstacle) {
    return switch (obstacle) {
      case INSUFFICIENT_PODS -> "add nodes or raise max-pods: all pod slots are taken";
      case INSUFFICIENT_CPU, INSUFFICIENT_MEMORY -> "add nodes, or lower the requests of CoreDNS";
      case AFFINITY -> "add nodes where its affinity and topology spread admit it";
      case VOLUME -> "see why its volume is not bound: CoreDNS needs none by default";
      case NO_NODES -> "add nodes: there are none";
      case TAINT, FARGATE_TAINT -> "tolerate the taint of the nodes, or add nodes without it";
      case OTHER, NONE -> "do what the scheduler's message asks for";
    };
  }
}
