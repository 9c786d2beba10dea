package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.DnsPod;
import io.eksnet.core.inventory.Obstacle;
import io.eksnet.core.inventory.Parts;
import java.util.stream.Stream;

/** R2: CoreDNS pods wait for a node, and not for one of Fargate. */
final class CoreDnsUnschedulable implements Rule {
  private final Rule fargate = new CoreDnsFargateNotAdmitted();

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var stuck =
        evidence.inventory().list(Parts.DNS_PODS).stream()
            .filter(CoreDnsUnschedulable::waits)
            .toList();
    if (stuck.isEmpty() || fargate.apply(evidence).findAny().isPresent()) {
      return Stream.empty();
    }
    var scheduling = stuck.get(0).scheduling();
    return Draft.of(RootCause.COREDNS_UNSCHEDULABLE, "cluster", 90)
        .seen(
            "%d of %d CoreDNS pods are not scheduled (%s): \"%s\""
                .formatted(
                    stuck.size(),
                    evidence.inventory().list(Parts.DNS_PODS).size(),
                    scheduling.obstacle().label(),
                    scheduling.message()))
        .supportedBy(evidence, Parts.DNS_PODS)
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
        && pod.scheduling().obstacle() != Obstacle.NONE;
  }

  private static String remedy(Obstacle obstacle) {
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
