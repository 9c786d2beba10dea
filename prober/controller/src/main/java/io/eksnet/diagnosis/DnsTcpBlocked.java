package io.eksnet.diagnosis;

import io.eksnet.diagnosis.ProbeResults.Sighting;
import io.eksnet.model.SeriesKey.DnsPath;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
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
    return FindingBuilder.of(RootCause.DNS_TCP_BLOCKED, "cluster", 90)
        .seen(
            "queries over TCP fail on %s (%s), over UDP they are answered"
                .formatted(FindingText.share(blocked, tcp.nodes()), FindingText.list(blocked)))
        .excludes("not CoreDNS: it answers over UDP")
        .fix("allow port 53 for TCP, beside UDP, between the security groups of the nodes")
        .stream();
  }

  private static boolean allFail(ProbeResults<DnsPath> tcp) {
    return tcp.failing().all().size() == tcp.all().size();
  }
}
