package io.eksnet.diagnosis;

import io.eksnet.diagnosis.ProbeResults.Sighting;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import java.util.Set;
import java.util.stream.Stream;

/**
 * R7: the cluster's own names resolve, others do not, and the resolver of the VPC fails for all of
 * these on the same nodes: one name that fails may be the fault of that name.
 */
final class VpcResolverFailing implements Rule {
  private static final Set<String> NO_ANSWER =
      Set.of("timeout", "servfail", "refused_rcode", "conn_refused", "network_unreachable");

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var dns = DnsView.of(evidence);
    var byNode = dns.vpcResolver().by(Sighting::node);
    var failing =
        dns.vpcResolver()
            .failing()
            .that(track -> NO_ANSWER.contains(outcome(track)))
            .on(node -> byNode.of(node).healthy().isEmpty());
    var nodes =
        dns.outside()
            .failing()
            .whileGood(dns.service().healthy())
            .on(failing.nodes()::contains)
            .nodes();
    if (nodes.isEmpty()) {
      return Stream.empty();
    }
    var throttled =
        evidence.agents().stream()
            .anyMatch(agent -> agent.host().allowances().getOrDefault("linklocal", 0L) > 0);
    return FindingBuilder.of(RootCause.VPC_RESOLVER_FAILING, "cluster", 90)
        .seen(
            "the resolver of the VPC fails on %s (%s): %s"
                .formatted(
                    FindingText.share(nodes, dns.vpcResolver().nodes()),
                    FindingText.list(nodes),
                    FindingText.list(failing.values(seen -> outcome(seen.track())))))
        .seen("names of the cluster resolve on the same nodes")
        .excludes("not CoreDNS: it answers for the cluster's own names")
        .excludes(
            throttled
                ? "perhaps the 1024 packets/s of an interface: see its counters"
                : "not the 1024 packets/s of an interface, as far as its counters are known")
        .fix(
            "see that enableDnsSupport and enableDnsHostnames of the VPC are on",
            "see the DHCP options of the VPC",
            "see the rules of Route 53 Resolver")
        .explains(RootCause.DOWNSTREAM_OF_DNS)
        .stream();
  }

  private static String outcome(ResultWindow track) {
    return track.last().map(Result::outcome).orElse("");
  }
}
