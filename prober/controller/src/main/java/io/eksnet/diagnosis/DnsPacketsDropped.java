package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toMap;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** R9, R10: single DNS packets are dropped. */
final class DnsPacketsDropped implements DiagnosisRule {
  /** Threshold of the EKS node monitoring agent; fewer dropped packets are noise. */
  private static final long MAX_LINK_LOCAL_DROPS = 100;

  private static final int MIN_QUERIES = 75;
  private static final int MIN_RETRIED = 5;

  /** At least one query in so many is retried. */
  private static final int MAX_QUERIES_PER_RETRY = 100;

  /** By then a CoreDNS replica that drops all packets has been found. */
  private static final Duration HOLD_FOR = Duration.ofSeconds(45);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(throttledNodes(evidence), packetLoss(evidence).stream());
  }

  private static Stream<Finding> throttledNodes(EvidenceIndex evidence) {
    return evidence.agents().stream()
        .filter(agent -> linkLocalDrops(agent).filter(n -> n > MAX_LINK_LOCAL_DROPS).isPresent())
        .map(agent -> throttled(agent, evidence));
  }

  private static Optional<Long> linkLocalDrops(AgentReport agent) {
    return Optional.ofNullable(agent.host().allowances().get("linklocal"));
  }

  private static Finding throttled(AgentReport agent, EvidenceIndex evidence) {
    var hasCoreDns =
        evidence.list(Resources.DNS_PODS).stream().anyMatch(p -> p.node().equals(agent.node()));
    return Finding.builder(RootCause.LINKLOCAL_THROTTLED, "node/" + agent.node(), 90)
        .evidence(
            "%d packets to link-local services were dropped in 10 minutes on %s"
                .formatted(linkLocalDrops(agent).orElse(0L), agent.node()))
        .evidenceIf(hasCoreDns, "a CoreDNS pod runs on this node")
        .supportedBy(evidence.inventory(), Resources.DNS_PODS)
        .excludes("not CoreDNS: the packets do not leave its node")
        .fix(
            "spread more CoreDNS replicas over more nodes",
            "run NodeLocal DNSCache",
            "set ndots to 2 in pods that resolve many names outside the cluster")
        .build();
  }

  private static Optional<Finding> packetLoss(EvidenceIndex evidence) {
    var dns = evidence.dns();
    var udp = dns.udp();
    var queries = udp.series().stream().mapToLong(s -> s.window().afterSuccess().count()).sum();
    var retried = udp.series().stream().mapToLong(s -> retried(s.window()).count()).sum();
    var drops =
        evidence.agents().stream()
            .filter(agent -> linkLocalDrops(agent).isPresent())
            .collect(
                toMap(AgentReport::node, agent -> linkLocalDrops(agent).orElse(0L), Math::max));
    var nodes = udp.matching(window -> retried(window).findAny().isPresent()).nodes();
    if (queries < MIN_QUERIES
        || retried < MIN_RETRIED
        || nodes.size() < 2
        || retried * MAX_QUERIES_PER_RETRY < queries
        || drops.values().stream().anyMatch(packets -> packets > 0)
        || !dns.backends().failing().isEmpty()
        || !dns.tcp().failing().isEmpty()) {
      return Optional.empty();
    }
    var noDrops = drops.keySet().containsAll(nodes);
    return Optional.of(
        Finding.builder(RootCause.DNS_PACKET_LOSS, "cluster", 60)
            .supportedIf(noDrops)
            .evidence(
                "%d of %d queries were answered only after a retry, on %s"
                    .formatted(retried, queries, FindingText.share(nodes, udp.nodes())))
            .evidence("the resolver of libc retries after 5 s by default")
            .evidenceIf(
                !noDrops,
                "linklocal_allowance_exceeded is unknown on some of these nodes: interfaces may"
                    + " drop packets")
            .excludes("not general packet loss: queries over TCP succeed")
            .excludesIf(
                noDrops,
                "not the limit of 1024 packets/s per network interface:"
                    + " linklocal_allowance_exceeded does not increase")
            .fix(
                "run NodeLocal DNSCache, which avoids conntrack for DNS over UDP",
                "set the resolver option single-request-reopen in pods with glibc")
            .holdFor(HOLD_FOR)
            .build());
  }

  /** A retry directly after a failure may belong to an outage that ended. */
  private static Stream<Result> retried(ResultWindow window) {
    return window.afterSuccess().filter(Result::retried);
  }
}
