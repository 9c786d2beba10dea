package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.stream.Stream;

/** R11: a name of the cluster that must exist is unknown on most nodes, and others resolve. */
final class DnsWrongName implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var dns = DnsView.of(evidence);
    var known = dns.service().where(path -> path.queryClass().equals("internal"));
    var unknown = known.failing("nxdomain");
    if (unknown.isEmpty() || !unknown.fromMostNodesOf(known) || dns.outside().healthy().isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.DNS_WRONG_NAME, "cluster", 70)
        .seen(
            "the name of the Service kubernetes does not exist on %s"
                .formatted(FindingText.share(unknown.nodes(), known.nodes())))
        .seen("names outside of the cluster resolve")
        .excludes("not an outage of CoreDNS: it answers")
        .fix(
            "see that suites.dns.cluster_domain is the domain of the cluster",
            "see the zones of the plugin kubernetes in the ConfigMap coredns",
            "wait for the negative cache of 30 s after a repair")
        .stream();
  }
}
