package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toMap;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * R10: first tries get lost on several nodes that are not throttled, TCP is fine, and no replica of
 * CoreDNS loses all that is sent to it.
 */
final class DnsPacketLoss implements Rule {
  private static final int ENOUGH = 75;

  /** Fewer are noise. */
  private static final int LOST = 5;

  private static final int ONE_PERCENT = 100;

  /** In which a replica that is silent has shown itself. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var dns = DnsView.of(evidence);
    var udp = dns.seen().where(path -> path.proto().equals("udp"));
    var runs = udp.all().stream().mapToLong(seen -> seen.track().afterSuccess().count()).sum();
    var lost = udp.all().stream().mapToLong(seen -> lost(seen.track()).count()).sum();
    var dropped = dropped(evidence);
    var nodes = udp.that(track -> lost(track).findAny().isPresent()).nodes();
    if (runs < ENOUGH
        || lost < LOST
        || nodes.size() < 2
        || lost * ONE_PERCENT < runs
        || dropped.values().stream().anyMatch(packets -> packets > 0)
        || !dns.backends().failing().isEmpty()
        || !dns.tcp().failing().isEmpty()) {
      return Stream.empty();
    }
    var stood = dropped.keySet().containsAll(nodes);
    var draft =
        FindingBuilder.of(RootCause.DNS_PACKET_LOSS, "cluster", 60)
            .supportedIf(stood)
            .seen(
                "%d of %d queries were answered at the second try only, on %s"
                    .formatted(lost, runs, FindingText.share(nodes, udp.nodes())))
            .seen("a resolver of the libc waits 5 s before its second try")
            .excludes("not loss in general: queries over TCP are well")
            .fix(
                "run NodeLocal DNSCache, which spares conntrack",
                "set options single-request-reopen for pods with glibc")
            .toldAfter(PATIENCE);
    return (stood
            ? draft.excludes("not the 1024 packets/s of an interface: its counters stand still")
            : draft.seen(
                "whether interfaces drop packets is not known: their counters are not read"))
        .stream();
  }

  private static Stream<Result> lost(ResultWindow track) {
    return track.afterSuccess().filter(Result::retried);
  }

  /** By node, where it is known. */
  private static Map<String, Long> dropped(Evidence evidence) {
    return evidence.agents().stream()
        .filter(agent -> agent.host().allowances().containsKey("linklocal"))
        .collect(
            toMap(
                AgentReport::node,
                agent -> agent.host().allowances().getOrDefault("linklocal", 0L),
                Math::max));
  }
}
