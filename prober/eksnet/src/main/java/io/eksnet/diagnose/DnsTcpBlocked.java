package io.eksnet.diagnose;

import io.eksnet.core.Subject.DnsPath;
import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.diagnose.Sightings.Sighting;
import java.util.stream.Stream;

/**
 * R14: queries over TCP fail on nodes where the same ones over UDP are answered, by each pod of
 * CoreDNS.
 */
final class DnsTcpBlocked implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var dns = DnsView.of(evidence);
    var tcp = dns.tcp();
    var byNode = tcp.by(Sighting::node);
    var blocked =
        tcp
            .failing()
            .whileGood(dns.service().healthy())
            .whileAllGood(dns.backends())
            .nodes()
            .stream()
            .filter(node -> allFail(byNode.of(node)))
            .toList();
    if (blocked.isEmpty()) {
      return Stream.empty();
    }
    return Draft.of(RootCause.DNS_TCP_BLOCKED, "cluster", 90)
        .seen(
            "queries over TCP fail on %s (%s), over UDP they are answered"
                .formatted(Words.share(blocked, tcp.nodes()), Words.list(blocked)))
        .excludes("not CoreDNS: it answers over UDP")
        .fix("allow port 53 for TCP, beside UDP, between the security groups of the nodes")
        .stream();
  }

  private static boolean allFail(Sightings<DnsPath> tcp) {
    return tcp.failing().all().size() == tcp.all().size();
  }
}
