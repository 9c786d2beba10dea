package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** R7, R8: names of the cluster resolve and names outside the cluster do not. */
final class UpstreamDnsFailing implements DiagnosisRule {
  private static final Set<String> NO_ANSWER =
      Set.of("timeout", "servfail", "refused_rcode", "conn_refused", "unreachable");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.of(vpcResolverFailing(evidence), forwardBroken(evidence.dns()))
        .flatMap(Optional::stream);
  }

  /** All queries to the VPC resolver must fail on a node: a single name may be at fault itself. */
  private static Optional<Finding> vpcResolverFailing(EvidenceIndex evidence) {
    var dns = evidence.dns();
    var answering = dns.vpcResolver().healthy().nodes();
    var failing =
        dns.vpcResolver().failingWith(NO_ANSWER).onNodes(node -> !answering.contains(node));
    var failingNodes = failing.nodes();
    var affected =
        dns.upstream()
            .failing()
            .failedWhileAnySucceeded(dns.service().healthy())
            .onNodes(failingNodes::contains);
    var nodes = affected.nodes();
    if (affected.isEmpty()) {
      return Optional.empty();
    }
    var throttled =
        evidence.agents().stream()
            .anyMatch(agent -> agent.host().allowances().getOrDefault("linklocal", 0L) > 0);
    var attributes = evidence.inventory().get(Resources.VPC_DNS);
    var finding =
        Finding.builder(
                RootCause.VPC_RESOLVER_FAILING, FindingText.scope(affected, dns.vpcResolver()), 90)
            .evidence(
                "the VPC resolver fails on %s: %s"
                    .formatted(
                        FindingText.namedShare(nodes, dns.vpcResolver().nodes()),
                        FindingText.list(failing.lastOutcomes())))
            .evidence("names of the cluster resolve on these nodes")
            .excludes("not CoreDNS: it answers for names of the cluster")
            .excludes(
                throttled
                    ? "possibly the limit of 1024 packets/s per network interface: check"
                        + " linklocal_allowance_exceeded"
                    : "not the limit of 1024 packets/s per network interface, as far as"
                        + " linklocal_allowance_exceeded is known");
    if (attributes.filter(vpc -> !vpc.support()).isPresent()) {
      return Optional.of(
          finding
              .evidence("enableDnsSupport of the VPC is off, so that its resolver does not answer")
              .fix("switch on enableDnsSupport of the VPC")
              .build());
    }
    if (attributes.isPresent()) {
      finding.excludes("not the attributes of the VPC: enableDnsSupport is on");
    } else {
      finding.fix("check that enableDnsSupport and enableDnsHostnames of the VPC are on");
    }
    return Optional.of(
        finding
            .fix("check the DHCP option set of the VPC", "check the Route 53 Resolver rules")
            .build());
  }

  /** NXDOMAIN through CoreDNS is an answer: its upstream may know other names on purpose. */
  private static Optional<Finding> forwardBroken(DnsResults dns) {
    var failing =
        dns.upstream()
            .failingWith(NO_ANSWER)
            .failedWhileAnySucceeded(dns.service().healthy())
            .failedWhileAllSucceeded(dns.backends())
            .failedWhileAnySucceeded(dns.vpcResolver().healthy());
    var nodes = failing.nodes();
    if (nodes.isEmpty() || !dns.vpcResolver().onNodes(nodes::contains).allHealthy()) {
      return Optional.empty();
    }
    var refused = !failing.failing("refused_rcode").isEmpty();
    return Optional.of(
        Finding.builder(
                RootCause.COREDNS_FORWARD_BROKEN, FindingText.scope(failing, dns.upstream()), 85)
            .evidence(
                "queries through CoreDNS for names outside the cluster fail on "
                    + FindingText.namedShare(nodes, dns.upstream().nodes()))
            .evidence("the VPC resolver answers the same queries on these nodes")
            .excludes("not the VPC resolver: it answers")
            .fix(
                refused
                    ? "raise max_concurrent of the CoreDNS plugin forward, or add replicas: CoreDNS"
                        + " answers REFUSED"
                    : "check the upstreams and zones of the plugin forward in the ConfigMap"
                        + " coredns",
                "kubectl -n kube-system logs -l k8s-app=kube-dns")
            .build());
  }
}
