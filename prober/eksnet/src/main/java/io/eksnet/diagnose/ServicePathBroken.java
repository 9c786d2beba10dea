package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
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
    return Draft.of(RootCause.SERVICE_PATH_BROKEN, "cluster", 80)
        .seen(
            "queries through the Service kube-dns time out on %s (%s)"
                .formatted(Words.share(nodes, dns.service().nodes()), Words.list(nodes)))
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
