package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** R16, R17, R18: STS resolves to the wrong addresses, or does not accept connections. */
final class StsUnreachable implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var sts = evidence.sts();
    return Stream.of(
            privateDnsBroken(evidence),
            timesOut(
                sts.resolvesPrivately(),
                "private",
                Finding.builder(RootCause.ENDPOINT_UNREACHABLE, "vpc_endpoint/sts", 85)
                    .fix(
                        "in the security group of the endpoint, allow port 443 from the security"
                            + " groups of nodes and pods",
                        "check that the endpoint has a subnet in each zone"),
                sts),
            timesOut(
                sts.resolvesPublicly(),
                "public",
                Finding.builder(RootCause.NO_EGRESS, "cluster", 80)
                    .fix(
                        "check that the route table of the subnets has a route to a working NAT"
                            + " gateway",
                        "or add a VPC endpoint for STS with private DNS"),
                sts))
        .flatMap(Optional::stream);
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

  private static Finding privateDnsBroken(
      VpcEndpoint endpoint, Set<String> nodes, EvidenceIndex evidence) {
    return Finding.builder(RootCause.ENDPOINT_PRIVATE_DNS_BROKEN, "vpc_endpoint/sts", 80)
        .evidence("%s is available and has private DNS".formatted(endpoint.id()))
        .evidence("the name of STS resolves to public addresses on " + FindingText.list(nodes))
        .supportedBy(evidence.inventory(), Resources.VPC_ENDPOINTS)
        .excludes("not the endpoint itself: it is available")
        .fix(
            "check that enableDnsHostnames and enableDnsSupport of the VPC are on",
            "check whether a Route 53 Resolver rule or a private hosted zone overrides the name",
            "check that the endpoint is in this VPC; ignore this finding if you run your own DNS"
                + " servers")
        .build();
  }

  private static Optional<Finding> timesOut(
      Set<String> resolving, String addresses, Finding.Builder finding, StsResults sts) {
    var nodes = new TreeSet<>(sts.connectTimesOut());
    nodes.retainAll(resolving);
    if (nodes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        finding
            .evidence(
                "connections to STS time out on %s, its name resolves to %s addresses"
                    .formatted(FindingText.namedShare(nodes, sts.all().nodes()), addresses))
            .excludes("not DNS: the name resolves")
            .excludes("not IAM: no request reached STS")
            .build());
  }
}
