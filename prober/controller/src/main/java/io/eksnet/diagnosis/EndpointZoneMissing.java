package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toCollection;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * R79: the VPC endpoint of STS has no address in zones whose nodes do not reach it, while nodes of
 * its zones do. A zone without an address is not a fault by itself: its nodes use those of others.
 */
final class EndpointZoneMissing implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var failing = EndpointUnreachable.ofEndpoint(evidence);
    if (failing.isEmpty()) {
      return Stream.empty();
    }
    return evidence.list(Resources.VPC_ENDPOINTS).stream()
        .filter(endpoint -> endpoint.service().equals("sts") && endpoint.available())
        .filter(endpoint -> isMissing(endpoint, evidence))
        .limit(1)
        .map(endpoint -> finding(endpoint, evidence));
  }

  private static Set<String> zones(VpcEndpoint endpoint) {
    return endpoint.placements().stream()
        .map(VpcEndpoint.Placement::zone)
        .collect(toCollection(TreeSet::new));
  }

  /** Whether the zones whose nodes fail are those without an address, and all others work. */
  private static boolean isMissing(VpcEndpoint endpoint, EvidenceIndex evidence) {
    var failing = EndpointUnreachable.ofEndpoint(evidence);
    var working = evidence.sts().all().healthy().zones();
    var zones = zones(endpoint);
    return !zones.isEmpty()
        && !failing.zones().contains("")
        && failing.zones().stream().noneMatch(zones::contains)
        && failing.zones().stream().noneMatch(working::contains)
        && working.stream().anyMatch(zones::contains);
  }

  private static Finding finding(VpcEndpoint endpoint, EvidenceIndex evidence) {
    var failing = EndpointUnreachable.ofEndpoint(evidence);
    var names = FindingText.list(failing.zones());
    return Finding.builder(RootCause.ENDPOINT_ZONE_MISSING, "vpc_endpoint/sts", 75)
        .supportedBy(evidence.inventory(), Resources.VPC_ENDPOINTS)
        .evidence(
            "%s has addresses in %s, and none in %s"
                .formatted(endpoint.id(), FindingText.list(zones(endpoint)), names))
        .evidence(
            "connections to STS time out on "
                + FindingText.namedShare(failing.nodes(), evidence.sts().all().nodes()))
        .evidence("nodes in the zones of the endpoint reach it")
        .excludes("not the security group of the endpoint: it is the same in all zones")
        .affects(failing.zones().stream().map(zone -> "zone/" + zone).toList())
        .fix(
            "add a subnet of %s to %s".formatted(names, endpoint.id()),
            "check why nodes in %s do not reach addresses of other zones: network ACLs, security"
                    .formatted(names)
                + " groups per zone")
        .build();
  }
}
