package io.eksnet.diagnose;

import io.eksnet.core.Subject.DnsPath;
import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.diagnose.Sightings.Sighting;
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
    return Draft.of(RootCause.DNS_PORT_BLOCKED, "cluster", 80)
        .seen(
            "neither the Service nor any pod of CoreDNS answers %s (%s), in %s"
                .formatted(
                    Words.share(deaf, everywhere.nodes()), Words.list(deaf), Words.list(zones)))
        .seen("the same queries are answered on " + Words.list(fine))
        .excludes("not CoreDNS: it answers other nodes")
        .fix(
            "allow port 53 for UDP and TCP between the security groups of the node groups",
            "see whether a network ACL of their subnets drops it")
        .explains(RootCause.DOWNSTREAM_OF_DNS)
        .stream();
  }

  private static boolean allTimeOut(Sightings<DnsPath> backends) {
    return !backends.isEmpty() && backends.failing("timeout").all().size() == backends.all().size();
  }
}
