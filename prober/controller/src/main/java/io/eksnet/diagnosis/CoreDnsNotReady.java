package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/**
 * R3: CoreDNS has its nodes, runs or crashes there, and no replica is ready: kube-proxy refuses for
 * the Service.
 */
final class CoreDnsNotReady implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var pods = evidence.inventory().list(Resources.DNS_PODS);
    if (pods.isEmpty() || pods.stream().anyMatch(pod -> pod.ready() || pod.node().isEmpty())) {
      return Stream.empty();
    }
    var service = DnsView.of(evidence).service();
    var refused = service.failing("conn_refused");
    if (service.allHealthy()) {
      return Stream.empty();
    }
    var draft =
        FindingBuilder.of(RootCause.COREDNS_NOT_READY, "cluster", 90)
            .seen("none of %d CoreDNS pods is ready".formatted(pods.size()))
            .supportedBy(evidence, Resources.DNS_PODS)
            .supportedIf(refused.fromMostNodesOf(service))
            .excludes("not the scheduling: every pod has a node")
            .fix(
                "kubectl -n kube-system logs -l k8s-app=kube-dns --previous: a loop, a bad Corefile"
                    + " or no memory",
                "compare the ConfigMap coredns with its last good version",
                "kubectl -n kube-system rollout undo deployment coredns, if it was changed")
            .explains(
                RootCause.DOWNSTREAM_OF_DNS,
                RootCause.INGRESS_RECONCILE_FAILING,
                RootCause.INGRESS_DNS_MISMATCH);
    FindingText.ifAny(
        refused.nodes(), nodes -> draft.seen("the Service kube-dns refuses on " + nodes));
    pods.stream()
        .map(DnsPod::trouble)
        .filter(trouble -> !trouble.isEmpty())
        .findFirst()
        .ifPresent(trouble -> draft.seen("a container says: " + trouble));
    return draft.stream();
  }
}
