package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.DnsPath;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * R6: one pod of CoreDNS fails for most nodes and the others answer; not in the minute after it
 * started.
 */
final class CoreDnsReplicaSick implements Rule {
  private static final Duration ROLLOUT = Duration.ofSeconds(60);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var backends = DnsView.of(evidence).backends();
    var servers = backends.values(seen -> seen.subject().server());
    var sick = servers.stream().filter(server -> fails(server, backends)).toList();
    if (sick.isEmpty() || sick.size() == servers.size()) {
      return Stream.empty();
    }
    return sick.stream()
        .filter(server -> runsForLong(server, evidence))
        .flatMap(server -> finding(server, servers.size(), backends, evidence));
  }

  private static boolean fails(String server, ProbeResults<DnsPath> backends) {
    var its = backends.where(dns -> dns.server().equals(server));
    var others = backends.where(dns -> !dns.server().equals(server)).healthy();
    return its.failing().whileGood(others).fromMostNodesOf(its);
  }

  /**
   * In a rollout packets still go to pods that left (Best Practices Guide, cluster services); which
   * ones they are is unknown without the pods.
   */
  private static boolean runsForLong(String server, Evidence evidence) {
    return evidence.inventory().list(Resources.DNS_PODS).stream()
        .filter(pod -> pod.ip().equals(server))
        .anyMatch(pod -> pod.created().plus(ROLLOUT).isBefore(evidence.now()));
  }

  private static Stream<Finding> finding(
      String server, int replicas, ProbeResults<DnsPath> backends, Evidence evidence) {
    var its = backends.where(dns -> dns.server().equals(server));
    var pod =
        evidence.inventory().list(Resources.DNS_PODS).stream()
            .filter(p -> p.ip().equals(server))
            .findFirst();
    var name = pod.map(DnsPod::name).orElse(server);
    return FindingBuilder.of(RootCause.COREDNS_REPLICA_SICK, "dns_backend/" + server, 85)
        .seen(
            "CoreDNS at %s fails on %s, the other %d answer"
                .formatted(
                    server, FindingText.share(its.failing().nodes(), its.nodes()), replicas - 1))
        .supportedBy(evidence, Resources.DNS_PODS)
        .excludes("not the network of the asking nodes: other replicas answer them")
        .fix(
            "kubectl -n kube-system delete pod " + name,
            "see the counters of its node "
                + pod.map(DnsPod::node).orElse("")
                + " for linklocal and conntrack allowances")
        .stream();
  }
}
