package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toMap;

import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** R3, R6: CoreDNS pods are scheduled, and none is ready or one fails. */
final class CoreDnsUnhealthy implements DiagnosisRule {
  /**
   * How long kube-proxy may still send queries to pods that were replaced (EKS Best Practices
   * Guide, cluster services).
   */
  private static final Duration ROLLOUT = Duration.ofSeconds(60);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(notReady(evidence).stream(), failingReplicas(evidence));
  }

  private static Optional<Finding> notReady(EvidenceIndex evidence) {
    var pods = evidence.list(Resources.DNS_PODS);
    var service = evidence.dns().service();
    if (pods.isEmpty()
        || pods.stream().anyMatch(pod -> pod.ready() || pod.node().isEmpty())
        || service.allHealthy()) {
      return Optional.empty();
    }
    var refused = service.failing("conn_refused");
    var trouble =
        pods.stream()
            .map(DnsPod::containerReason)
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    return Optional.of(
        Finding.builder(RootCause.COREDNS_NOT_READY, "cluster", 90)
            .evidence("none of %d CoreDNS pods is ready".formatted(pods.size()))
            .evidenceIf(
                !refused.isEmpty(),
                "the Service kube-dns refuses queries from " + FindingText.list(refused.nodes()))
            .evidenceIf(!trouble.isEmpty(), "container status: " + trouble)
            .supportedBy(evidence.inventory(), Resources.DNS_PODS)
            .supportedIf(refused.fromMostNodesOf(service))
            .excludes("not scheduling: every pod has a node")
            .fix(
                "kubectl -n kube-system logs -l k8s-app=kube-dns --previous: look for \"Loop ..."
                    + " detected\", a Corefile error or OOMKilled",
                "compare the ConfigMap coredns with its last working version",
                "if CoreDNS was changed: kubectl -n kube-system rollout undo deployment coredns")
            .build());
  }

  private static Stream<Finding> failingReplicas(EvidenceIndex evidence) {
    var backends = evidence.dns().backends();
    var byServer = backends.groupBy(one -> one.key().server());
    var failing =
        byServer.entrySet().stream()
            .filter(server -> isFailing(server.getKey(), server.getValue(), backends))
            .collect(toMap(entry -> entry.getKey(), entry -> entry.getValue()));
    if (failing.size() == byServer.size()) {
      return Stream.empty();
    }
    // Without the pods it is unknown which replicas a rollout has removed.
    return evidence.list(Resources.DNS_PODS).stream()
        .filter(pod -> failing.containsKey(pod.ip()))
        .filter(pod -> pod.created().plus(ROLLOUT).isBefore(evidence.now()))
        .flatMap(
            pod ->
                Stream.ofNullable(failing.get(pod.ip()))
                    .map(results -> failingReplica(pod, byServer.size(), results, evidence)));
  }

  private static boolean isFailing(
      String server, ProbeResults<DnsKey> results, ProbeResults<DnsKey> backends) {
    var failing = results.failing();
    return !failing.isEmpty()
        && failing
            .failedWhileAnySucceeded(backends.where(dns -> !dns.server().equals(server)).healthy())
            .fromMostNodesOf(results);
  }

  private static Finding failingReplica(
      DnsPod pod, int replicas, ProbeResults<DnsKey> results, EvidenceIndex evidence) {
    return Finding.builder(RootCause.COREDNS_REPLICA_SICK, "dns_backend/" + pod.ip(), 85)
        .evidence(
            "queries to CoreDNS at %s fail on %s, the other %d replicas answer"
                .formatted(
                    pod.ip(),
                    FindingText.share(results.failing().nodes(), results.nodes()),
                    replicas - 1))
        .supportedBy(evidence.inventory(), Resources.DNS_PODS)
        .excludes("not the network of the querying nodes: other replicas answer them")
        .fix(
            "kubectl -n kube-system delete pod " + pod.name(),
            "check linklocal_allowance_exceeded and conntrack_allowance_exceeded of its node "
                + pod.node())
        .build();
  }
}
