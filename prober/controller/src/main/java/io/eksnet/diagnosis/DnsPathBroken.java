package io.eksnet.diagnosis;

import io.eksnet.diagnosis.ProbeResults.Series;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** R4, R5, R13, R14: CoreDNS answers, and one path to it is broken on some nodes. */
final class DnsPathBroken implements DiagnosisRule {
  private static final Set<String> BLOCKED = Set.of("timeout", "unreachable");

  /** kube-proxy also refuses queries: its rules of a node may know no endpoint. */
  private static final Set<String> NO_RESPONSE = Set.of("timeout", "unreachable", "conn_refused");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var dns = evidence.dns();
    return Stream.of(
            servicePathBroken(dns),
            portBlocked(dns, evidence).or(() -> portBlockedEverywhere(dns, evidence)),
            nodeLocalDown(dns, evidence),
            tcpBlocked(dns))
        .flatMap(Optional::stream);
  }

  private static Optional<Finding> servicePathBroken(DnsResults dns) {
    var failing =
        dns.service()
            .failingWith(NO_RESPONSE)
            .failedWhileAnySucceeded(dns.backends().healthy())
            .failedWhileAllSucceeded(dns.backends());
    if (failing.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(
                RootCause.SERVICE_PATH_BROKEN, FindingText.scope(failing, dns.service()), 80)
            .evidence(
                "queries through the Service kube-dns fail on %s: %s"
                    .formatted(
                        FindingText.namedShare(failing.nodes(), dns.service().nodes()),
                        FindingText.list(failing.lastOutcomes())))
            .evidence("all CoreDNS pods answer direct queries from these nodes")
            .excludes("not CoreDNS: its pods answer")
            .excludes("not a security group between nodes: direct queries reach the pods")
            .fix(
                "check that kube-proxy runs on these nodes, and read its logs",
                "check for a NetworkPolicy that blocks kube-dns, and for a full conntrack table",
                "restart kube-proxy on these nodes")
            .build());
  }

  /** Nodes that reach no other node or zone at all have another fault. */
  private static Optional<Finding> portBlocked(DnsResults dns, EvidenceIndex evidence) {
    var answered = dns.service().healthy();
    var silent = dns.service().failingWith(BLOCKED);
    if (silent.isEmpty() || answered.isEmpty()) {
      return Optional.empty();
    }
    var backends = dns.backends().groupBy(Series::node);
    var blocked =
        evidence
            .withoutIsolated(silent.failedDuring(answered.successes()))
            .onNodes(
                node -> backends.getOrDefault(node, ProbeResults.none()).allFailingWith(BLOCKED));
    if (blocked.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.DNS_PORT_BLOCKED, FindingText.scope(blocked, dns.service()), 80)
            .evidence(
                "queries to the Service kube-dns and to all CoreDNS pods time out on %s, in %s"
                    .formatted(
                        FindingText.namedShare(blocked.nodes(), dns.service().nodes()),
                        FindingText.list(blocked.zones())))
            .evidence("the same queries are answered on " + FindingText.list(answered.nodes()))
            .excludes("not CoreDNS: it answers other nodes")
            .fix(
                "allow port 53 for UDP and TCP between the security groups of the node groups",
                "check whether a network ACL of their subnets drops it")
            .build());
  }

  /** No node gets an answer, and no node is a witness that CoreDNS itself is silent. */
  private static Optional<Finding> portBlockedEverywhere(DnsResults dns, EvidenceIndex evidence) {
    var pods = evidence.list(Resources.DNS_PODS);
    var silent = dns.service().failingWith(BLOCKED);
    if (pods.isEmpty()
        || !pods.stream().allMatch(DnsPod::ready)
        || !silent.fromMostNodesOf(dns.service())
        || !CoreDnsUnhealthy.isBlocked(dns.backends(), evidence)) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.DNS_PORT_BLOCKED, FindingText.CLUSTER, 80)
            .evidence(
                "queries to the Service kube-dns and to all CoreDNS pods time out on "
                    + FindingText.share(silent.nodes(), dns.service().nodes()))
            .evidence(
                "the kubelet reports all %d CoreDNS pods as ready, on %s"
                    .formatted(
                        pods.size(),
                        FindingText.list(pods.stream().map(DnsPod::node).distinct().toList())))
            .excludes("not readiness: the pods are ready")
            .fix(
                "allow port 53 for UDP and TCP from the security groups of the nodes to that of the"
                    + " CoreDNS pods; pods on Fargate have the cluster security group",
                "check for a NetworkPolicy in kube-system that denies port 53",
                "if both permit it: kubectl -n kube-system rollout restart deployment coredns")
            .build());
  }

  private static Optional<Finding> nodeLocalDown(DnsResults dns, EvidenceIndex evidence) {
    var failing = dns.nodeLocal().failing().failedWhileAnySucceeded(dns.service().healthy());
    if (failing.isEmpty() || cannotReachNodeLocal(evidence)) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(
                RootCause.NODELOCAL_DNS_DOWN, FindingText.scope(failing, dns.nodeLocal()), 90)
            .evidence("queries to 169.254.20.10 fail on " + FindingText.list(failing.nodes()))
            .evidence("the Service kube-dns answers these nodes")
            .supportedIf(knowsCni(evidence))
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

  /** Whether the settings of the VPC CNI are known, or another CNI is in use. */
  private static boolean knowsCni(EvidenceIndex evidence) {
    var settings = evidence.inventory().snapshot(Resources.CNI_SETTINGS);
    return settings.fresh()
        || settings
            .unavailable()
            .filter(unavailable -> unavailable.reason() == Unavailable.Reason.ABSENT)
            .isPresent();
  }

  private static Optional<Finding> tcpBlocked(DnsResults dns) {
    var byNode = dns.tcp().groupBy(Series::node);
    var failing =
        dns.tcp()
            .failing()
            .failedWhileAnySucceeded(dns.service().healthy())
            .failedWhileAllSucceeded(dns.backends())
            .onNodes(node -> allFail(byNode.getOrDefault(node, ProbeResults.none())));
    if (failing.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.DNS_TCP_BLOCKED, FindingText.scope(failing, dns.tcp()), 90)
            .evidence(
                "queries over TCP fail on %s, the same queries over UDP are answered"
                    .formatted(FindingText.namedShare(failing.nodes(), dns.tcp().nodes())))
            .excludes("not CoreDNS: it answers over UDP")
            .fix("allow port 53 for TCP, beside UDP, between the security groups of the nodes")
            .build());
  }

  private static boolean allFail(ProbeResults<?> results) {
    return results.failing().size() == results.size();
  }
}
