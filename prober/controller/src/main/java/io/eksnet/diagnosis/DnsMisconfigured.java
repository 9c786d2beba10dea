package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.Optional;
import java.util.stream.Stream;

/** R11, R12: the cluster domain or the name server of pods is wrong. */
final class DnsMisconfigured implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.of(wrongName(evidence.dns()), wrongNameserver(evidence))
        .flatMap(Optional::stream);
  }

  private static Optional<Finding> wrongName(DnsResults dns) {
    var internal = dns.service().where(path -> path.queryClass().equals("internal"));
    var unknown = internal.failing("nxdomain");
    if (unknown.isEmpty()
        || !unknown.fromMostNodesOf(internal)
        || dns.upstream().healthy().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.DNS_WRONG_NAME, "cluster", 70)
            .evidence(
                "the name of the Service kubernetes gets NXDOMAIN on "
                    + FindingText.share(unknown.nodes(), internal.nodes()))
            .evidence("names outside the cluster resolve")
            .excludes("not an outage of CoreDNS: it answers")
            .fix(
                "check that suites.dns.cluster_domain is the domain of the cluster",
                "check the zones of the plugin kubernetes in the ConfigMap coredns",
                "after the fix, wait 30 s: CoreDNS caches NXDOMAIN that long")
            .build());
  }

  private static Optional<Finding> wrongNameserver(EvidenceIndex evidence) {
    var nodes =
        evidence.agents().stream()
            .filter(agent -> agent.host().nameserversOk().equals(Optional.of(false)))
            .map(AgentReport::node)
            .toList();
    if (nodes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(
                RootCause.WRONG_NAMESERVER,
                nodes.size() == 1 && evidence.agents().size() > 1
                    ? "node/" + nodes.get(0)
                    : "cluster",
                90)
            .evidence(
                "/etc/resolv.conf of pods names neither kube-dns nor NodeLocal DNSCache on "
                    + FindingText.list(nodes))
            .fix(
                "check clusterDNS in the kubelet configuration of these nodes",
                "replace the nodes that were started with a wrong value")
            .build());
  }
}
