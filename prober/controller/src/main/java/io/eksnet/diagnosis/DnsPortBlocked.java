package io.eksnet.diagnosis;

import io.eksnet.diagnosis.ProbeResults.Sighting;
import io.eksnet.model.SeriesKey.DnsPath;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.Set;
import java.util.stream.Stream;

/**
 * R5: neither the Service nor the pods of CoreDNS answer some nodes, in more than one zone, and
 * they answer others.
 */
final class DnsPortBlocked implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var dns = DnsView.of(evidence);
    var everywhere = dns.service();
    var backends = dns.backends().by(Sighting::node);
    var answered = everywhere.healthy();
    var deaf =
        everywhere.failing("timeout").failedWhile(answered.successes()).nodes().stream()
            .filter(node -> allTimeOut(backends.of(node)))
            .toList();
    var fine = answered.nodes();
    var zones = everywhere.on(Set.copyOf(deaf)::contains).zones();
    if (deaf.isEmpty() || fine.isEmpty() || (zones.size() < 2 && deaf.size() > 1)) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.DNS_PORT_BLOCKED, "cluster", 80)
        .seen(
            "neither the Service nor any pod of CoreDNS answers %s (%s), in %s"
                .formatted(
                    FindingText.share(deaf, everywhere.nodes()),
                    FindingText.list(deaf),
                    FindingText.list(zones)))
        .seen("the same queries are answered on " + FindingText.list(fine))
        .excludes("not CoreDNS: it answers other nodes")
        .fix(
            "allow port 53 for UDP and TCP between the security groups of the node groups",
            "see whether a network ACL of their subnets drops it")
        .explains(RootCause.DOWNSTREAM_OF_DNS)
        .stream();
  }

  private static boolean allTimeOut(ProbeResults<DnsPath> backends) {
    return !backends.isEmpty() && backends.failing("timeout").all().size() == backends.all().size();
  }
}
