package io.eksnet.diagnosis;

import io.eksnet.diagnosis.ProbeResults.Series;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** R4, R5, R13, R14: CoreDNS answers, and one path to it is broken on some nodes. */
final class DnsPathBroken implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var dns = evidence.dns();
    return Stream.of(
            servicePathBroken(dns), portBlocked(dns), nodeLocalDown(dns, evidence), tcpBlocked(dns))
        .flatMap(Optional::stream);
  }

  private static Optional<Finding> servicePathBroken(DnsResults dns) {
    var nodes =
        dns.service()
            .failing("timeout")
            .failedWhileAnySucceeded(dns.backends().healthy())
            .failedWhileAllSucceeded(dns.backends())
            .nodes();
    if (nodes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.SERVICE_PATH_BROKEN, "cluster", 80)
            .evidence(
                "queries through the Service kube-dns time out on "
                    + FindingText.namedShare(nodes, dns.service().nodes()))
            .evidence("all CoreDNS pods answer direct queries from these nodes")
            .excludes("not CoreDNS: its pods answer")
            .excludes("not a security group between nodes: direct queries reach the pods")
            .fix(
                "check that kube-proxy runs on these nodes, and read its logs",
                "check for a NetworkPolicy that blocks kube-dns, and for a full conntrack table",
                "restart kube-proxy on these nodes")
            .build());
  }

  /** Many nodes of a single zone point to that zone's network, not to a port. */
  private static Optional<Finding> portBlocked(DnsResults dns) {
    var answered = dns.service().healthy();
    var timingOut = dns.service().failing("timeout");
    if (timingOut.isEmpty() || answered.isEmpty()) {
      return Optional.empty();
    }
    var backends = dns.backends().groupBy(Series::node);
    var blocked =
        timingOut.failedDuring(answered.successes()).nodes().stream()
            .filter(node -> backends.getOrDefault(node, ProbeResults.none()).allFailing("timeout"))
            .collect(Collectors.toCollection(TreeSet::new));
    var zones = dns.service().onNodes(blocked::contains).zones();
    if (blocked.isEmpty() || (zones.size() < 2 && blocked.size() > 1)) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.DNS_PORT_BLOCKED, "cluster", 80)
            .evidence(
                "queries to the Service kube-dns and to all CoreDNS pods time out on %s, in %s"
                    .formatted(
                        FindingText.namedShare(blocked, dns.service().nodes()),
                        FindingText.list(zones)))
            .evidence("the same queries are answered on " + FindingText.list(answered.nodes()))
            .excludes("not CoreDNS: it answers other nodes")
            .fix(
                "allow port 53 for UDP and TCP between the security groups of the node groups",
                "check whether a network ACL of their subnets drops it")
            .build());
  }

  private static Optional<Finding> nodeLocalDown(DnsResults dns, EvidenceIndex evidence) {
    var nodes = dns.nodeLocal().failing().failedWhileAnySucceeded(dns.service().healthy()).nodes();
    if (nodes.isEmpty() || cannotReachNodeLocal(evidence)) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.NODELOCAL_DNS_DOWN, "cluster", 90)
            .evidence("queries to 169.254.20.10 fail on " + FindingText.list(nodes))
            .evidence("the Service kube-dns answers these nodes")
            .excludes("not CoreDNS: it answers")
            .fix(
                "kubectl -n kube-system get pods -l k8s-app=node-local-dns -o wide",
                "restart the pod of node-local-dns on these nodes")
            .build());
  }

  /**
   * Pods with their own security groups cannot reach NodeLocal DNSCache in strict mode (VPC CNI,
   * POD_SECURITY_GROUP_ENFORCING_MODE). Strict is the default, and without such pods means nothing.
   */
  private static boolean cannotReachNodeLocal(EvidenceIndex evidence) {
    return evidence
        .inventory()
        .get(Resources.CNI_SETTINGS)
        .filter(CniSettings::podSecurityGroups)
        .filter(CniSettings::strict)
        .isPresent();
  }

  private static Optional<Finding> tcpBlocked(DnsResults dns) {
    var byNode = dns.tcp().groupBy(Series::node);
    var nodes =
        dns
            .tcp()
            .failing()
            .failedWhileAnySucceeded(dns.service().healthy())
            .failedWhileAllSucceeded(dns.backends())
            .nodes()
            .stream()
            .filter(node -> allFail(byNode.getOrDefault(node, ProbeResults.none())))
            .toList();
    if (nodes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.DNS_TCP_BLOCKED, "cluster", 90)
            .evidence(
                "queries over TCP fail on %s, the same queries over UDP are answered"
                    .formatted(FindingText.namedShare(nodes, dns.tcp().nodes())))
            .excludes("not CoreDNS: it answers over UDP")
            .fix("allow port 53 for TCP, beside UDP, between the security groups of the nodes")
            .build());
  }

  private static boolean allFail(ProbeResults<?> results) {
    return results.failing().size() == results.size();
  }
}
