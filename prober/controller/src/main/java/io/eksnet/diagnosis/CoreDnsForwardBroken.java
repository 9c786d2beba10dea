package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.stream.Stream;

/**
 * R8: names outside fail through CoreDNS, all of whose pods answer, and resolve at the resolver of
 * the VPC.
 */
final class CoreDnsForwardBroken implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var dns = DnsView.of(evidence);
    var failing =
        dns.outside()
            .failing()
            .whileGood(dns.service().healthy())
            .whileAllGood(dns.backends())
            .whileGood(dns.vpcResolver().healthy());
    var nodes = failing.nodes();
    if (nodes.isEmpty() || !dns.vpcResolver().on(nodes::contains).allHealthy()) {
      return Stream.empty();
    }
    var refused = !failing.failing("refused_rcode").isEmpty();
    return FindingBuilder.of(RootCause.COREDNS_FORWARD_BROKEN, "cluster", 85)
        .seen(
            "names outside of the cluster fail through CoreDNS on %s (%s)"
                .formatted(
                    FindingText.share(nodes, dns.outside().nodes()), FindingText.list(nodes)))
        .seen("the resolver of the VPC answers them on the same nodes")
        .excludes("not the resolver of the VPC: it answers")
        .fix(
            refused
                ? "raise max_concurrent of the plugin forward, or add replicas: CoreDNS refuses"
                    + " (REFUSED)"
                : "see the plugin forward in the ConfigMap coredns: which upstreams, which zones",
            "kubectl -n kube-system logs -l k8s-app=kube-dns")
        .explains(RootCause.DOWNSTREAM_OF_DNS)
        .stream();
  }
}
