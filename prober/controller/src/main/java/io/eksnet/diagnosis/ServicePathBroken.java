package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.stream.Stream;

/** R4: queries through the Service get no answer where those to each pod of CoreDNS do. */
final class ServicePathBroken implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var dns = DnsView.of(evidence);
    var nodes =
        dns.service()
            .failing("timeout")
            .whileGood(dns.backends().healthy())
            .whileAllGood(dns.backends())
            .nodes();
    if (nodes.isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.SERVICE_PATH_BROKEN, "cluster", 80)
        .seen(
            "queries through the Service kube-dns time out on %s (%s)"
                .formatted(
                    FindingText.share(nodes, dns.service().nodes()), FindingText.list(nodes)))
        .seen("all pods of CoreDNS answer the same nodes directly")
        .excludes("not CoreDNS: its pods answer")
        .excludes("not a security group between nodes: the same packets reach the pods")
        .fix(
            "see whether kube-proxy runs on these nodes, and its logs",
            "look for a NetworkPolicy that forbids kube-dns, and for a full conntrack table",
            "restart kube-proxy on these nodes")
        .explains(RootCause.DOWNSTREAM_OF_DNS)
        .stream();
  }
}
