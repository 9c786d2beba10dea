package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/**
 * R13: NodeLocal DNSCache fails on nodes where the Service answers. Pods with security groups of
 * their own in strict mode cannot reach it; the mode alone, which is the default, means nothing.
 */
final class NodeLocalDnsDown implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var dns = DnsView.of(evidence);
    var outOfReach =
        evidence
            .inventory()
            .get(Resources.CNI_SETTINGS)
            .filter(CniSettings::podSecurityGroups)
            .filter(CniSettings::strict)
            .isPresent();
    var down = dns.nodeLocal().failing().whileGood(dns.service().healthy()).nodes();
    if (down.isEmpty() || outOfReach) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.NODELOCAL_DNS_DOWN, "cluster", 90)
        .seen("169.254.20.10 fails on " + FindingText.list(down))
        .seen("the Service kube-dns answers the same nodes")
        .excludes("not CoreDNS: it answers")
        .fix(
            "kubectl -n kube-system get pods -l k8s-app=node-local-dns -o wide",
            "restart the pod of node-local-dns on these nodes")
        .explains(RootCause.DOWNSTREAM_OF_DNS)
        .stream();
  }
}
