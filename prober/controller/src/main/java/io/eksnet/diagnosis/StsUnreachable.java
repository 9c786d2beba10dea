package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcDns;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R16, R17, R18: STS resolves to the wrong addresses, or does not accept connections.
 *
 * <p>Other nodes that reach STS at the same time exclude what all nodes share: the security group
 * of the endpoint, and the NAT gateway of their zone.
 */
final class StsUnreachable implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.of(privateDnsBroken(evidence), endpointUnreachable(evidence), noEgress(evidence))
        .flatMap(Optional::stream);
  }

  /** The nodes that do not reach the private addresses of a VPC endpoint. */
  static ProbeResults<StsKey> ofEndpoint(EvidenceIndex evidence) {
    return evidence
        .withoutIsolated(evidence.sts().unreachable())
        .onNodes(evidence.sts().resolvesPrivately()::contains);
  }

  /**
   * The nodes that do not reach public addresses. Without a way to STS a cluster may be healthy:
   * with Pod Identity only, behind a proxy, or with an endpoint for another service. It counts
   * where something needs STS or reached it.
   */
  static ProbeResults<StsKey> withoutEgress(EvidenceIndex evidence) {
    return isReachedBySome(evidence) || isNeeded(evidence)
        ? evidence
            .withoutIsolated(evidence.sts().unreachable())
            .onNodes(evidence.sts().resolvesPublicly()::contains)
        : ProbeResults.none();
  }

  private static Optional<Finding> endpointUnreachable(EvidenceIndex evidence) {
    var all = evidence.sts().all().onNodes(evidence.sts().resolvesPrivately()::contains);
    var failing = ofEndpoint(evidence);
    if (failing.isEmpty()) {
      return Optional.empty();
    }
    var scope = FindingText.scope(failing, all);
    var everywhere = scope.equals(FindingText.CLUSTER);
    var finding =
        unreachable(
            RootCause.ENDPOINT_UNREACHABLE,
            everywhere ? "vpc_endpoint/sts" : scope,
            everywhere ? 85 : 70,
            failing,
            all,
            "private",
            evidence);
    if (everywhere) {
      finding.fix(
          "in the security group of the endpoint, allow port 443 from the security groups of nodes"
              + " and pods",
          "check that the endpoint has a subnet in each zone");
    } else if (scope.startsWith("zone/")) {
      finding.fix(
          "check that the endpoint has a subnet in this zone, and that it is available",
          "check the network ACLs of the subnets of this zone and of the endpoint");
    } else {
      finding.fix(nodeSteps(failing, "in the security group of the endpoint"));
    }
    return Optional.of(finding.build());
  }

  private static Optional<Finding> noEgress(EvidenceIndex evidence) {
    var all = evidence.sts().all().onNodes(evidence.sts().resolvesPublicly()::contains);
    var failing = withoutEgress(evidence);
    if (failing.isEmpty()) {
      return Optional.empty();
    }
    var scope = FindingText.scope(failing, all);
    var finding =
        unreachable(
            RootCause.NO_EGRESS,
            scope,
            scope.startsWith("node/") ? 65 : 80,
            failing,
            all,
            "public",
            evidence);
    if (scope.startsWith("node/")) {
      finding.fix(nodeSteps(failing, "for egress to the Internet"));
    } else {
      finding.fix(
          "check that the route table of the subnets has a route to a working NAT gateway",
          "or add a VPC endpoint for STS with private DNS");
    }
    return Optional.of(finding.build());
  }

  private static boolean isReachedBySome(EvidenceIndex evidence) {
    return !evidence
        .sts()
        .all()
        .matching(window -> window.successes().findAny().isPresent())
        .isEmpty();
  }

  /** Pods with IAM roles for service accounts call STS; those with Pod Identity do not. */
  private static boolean isNeeded(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .anyMatch(component -> component.credentials().contains(CredentialSource.IRSA));
  }

  private static String[] nodeSteps(ProbeResults<StsKey> failing, String where) {
    var node = failing.nodes().iterator().next();
    return new String[] {
      "compare the security groups and the subnet of %s with those of a node that reaches STS: port"
              .formatted(node)
          + " 443 "
          + where,
      "check the conntrack table of the node and conntrack_allowance_exceeded of its interfaces",
      "drain and replace the node if nothing differs"
    };
  }

  private static Finding.Builder unreachable(
      RootCause cause,
      String scope,
      int percent,
      ProbeResults<StsKey> failing,
      ProbeResults<StsKey> all,
      String addresses,
      EvidenceIndex evidence) {
    var reached = all.healthy().nodes();
    var drops = conntrackDrops(failing.nodes(), evidence);
    return Finding.builder(cause, scope, percent)
        .evidence(
            "connections to STS time out on %s, its name resolves to %s addresses"
                .formatted(FindingText.namedShare(failing.nodes(), all.nodes()), addresses))
        .evidenceIf(!reached.isEmpty(), "STS answers on " + FindingText.list(reached))
        .evidenceIf(
            !drops.isEmpty(),
            "conntrack_allowance_exceeded increased in the last 10 minutes on "
                + FindingText.list(drops))
        .excludes("not DNS: the name resolves")
        .excludes("not IAM: no request reached STS")
        .excludesIf(
            !reached.isEmpty(), "not what all nodes share: other nodes reach the same addresses");
  }

  private static Set<String> conntrackDrops(Set<String> nodes, EvidenceIndex evidence) {
    return evidence.agents().stream()
        .filter(agent -> nodes.contains(agent.node()))
        .filter(agent -> agent.host().allowances().getOrDefault("conntrack", 0L) > 0)
        .map(AgentReport::node)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Optional<Finding> privateDnsBroken(EvidenceIndex evidence) {
    var nodes = evidence.sts().resolvesPublicly();
    return evidence.list(Resources.VPC_ENDPOINTS).stream()
        .filter(endpoint -> endpoint.service().equals("sts") && endpoint.available())
        .findFirst()
        .filter(VpcEndpoint::privateDns)
        .filter(endpoint -> !nodes.isEmpty())
        .map(endpoint -> privateDnsBroken(endpoint, nodes, evidence));
  }

  /** The attributes of the VPC explain it, or are ruled out. */
  private static Finding privateDnsBroken(
      VpcEndpoint endpoint, Set<String> nodes, EvidenceIndex evidence) {
    var dns = evidence.inventory().get(Resources.VPC_DNS);
    var off = dns.map(VpcDns::off).orElse(List.of());
    var finding =
        Finding.builder(
                RootCause.ENDPOINT_PRIVATE_DNS_BROKEN, "vpc_endpoint/sts", off.isEmpty() ? 80 : 95)
            .evidence("%s is available and has private DNS".formatted(endpoint.id()))
            .evidence(
                "the name of STS resolves to public addresses on "
                    + FindingText.namedShare(nodes, evidence.sts().all().nodes()))
            .supportedBy(evidence.inventory(), Resources.VPC_ENDPOINTS)
            .evidenceIf(!off.isEmpty(), "off in the VPC: " + String.join(", ", off))
            .excludes("not the endpoint itself: it is available");
    if (!off.isEmpty()) {
      return finding.fix("switch on in the VPC: " + String.join(", ", off)).build();
    }
    if (dns.isPresent()) {
      finding.excludes(
          "not the attributes of the VPC: enableDnsSupport and enableDnsHostnames are on");
    } else {
      finding.fix("check that enableDnsHostnames and enableDnsSupport of the VPC are on");
    }
    return finding
        .fix(
            "check whether a Route 53 Resolver rule or a private hosted zone overrides the name",
            "check that the endpoint is in this VPC; ignore this finding if you run your own DNS"
                + " servers")
        .build();
  }
}
