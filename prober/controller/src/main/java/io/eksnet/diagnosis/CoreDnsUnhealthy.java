package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toMap;

import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** R3, R6, R56: CoreDNS has no ready replica, or some or all of its replicas do not answer. */
final class CoreDnsUnhealthy implements DiagnosisRule {
  /**
   * How long kube-proxy may still send queries to pods that were replaced (EKS Best Practices
   * Guide, cluster services).
   */
  private static final Duration ROLLOUT = Duration.ofSeconds(60);

  /**
   * Pods are known as ready before every agent has probed them again, and Services are read before
   * their pods.
   */
  private static final Duration HOLD_FOR = Duration.ofSeconds(15);

  /** So many nodes without a replica of their own make a blocked port more likely. */
  private static final int MIN_NODES = 3;

  private static final Set<String> SILENT = Set.of("timeout", "unreachable");
  private static final Set<String> NO_ANSWER =
      Set.of("timeout", "unreachable", "conn_refused", "servfail", "refused_rcode");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(
        Stream.of(notReady(evidence), noReplica(evidence), allFailing(evidence))
            .flatMap(Optional::stream),
        failingReplicas(evidence));
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

  /**
   * CoreDNS has no pods, or the Service selects none of them. EKS Auto Mode runs CoreDNS outside
   * pods; there the absence of pods means nothing.
   */
  private static Optional<Finding> noReplica(EvidenceIndex evidence) {
    var pods = evidence.inventory().get(Resources.DNS_PODS);
    var service = evidence.dns().service();
    var failing = service.failingWith(NO_ANSWER);
    if (pods.isEmpty()
        || !failing.fromMostNodesOf(service)
        || !hasNoEndpoints(evidence)
        || (pods.get().isEmpty() ? usesAutoMode(evidence) : !allReady(pods.get()))) {
      return Optional.empty();
    }
    var workload =
        evidence.list(Resources.COMPONENTS).stream()
            .filter(component -> component.name().equals("coredns"))
            .findFirst();
    var scaledToZero = workload.filter(component -> component.desired() == 0).isPresent();
    var found =
        Finding.builder(RootCause.COREDNS_NOT_READY, FindingText.CLUSTER, 95)
            .evidence(
                "queries through the Service kube-dns fail on %s: %s"
                    .formatted(
                        FindingText.share(failing.nodes(), service.nodes()),
                        FindingText.list(failing.lastOutcomes())))
            .evidence("the Service kube-dns has no ready endpoints")
            .supportedBy(evidence.inventory(), Resources.DNS_PODS, Resources.SERVICES)
            .holdFor(HOLD_FOR);
    if (!pods.get().isEmpty()) {
      return Optional.of(
          found
              .evidence("%d CoreDNS pods are ready".formatted(pods.get().size()))
              .excludes("not CoreDNS itself: its pods are ready")
              .fix(
                  "kubectl -n kube-system get service kube-dns -o yaml: compare its selector with the"
                      + " labels of the CoreDNS pods")
              .build());
    }
    return Optional.of(
        found
            .evidence(
                scaledToZero
                    ? "the Deployment coredns is scaled to 0 replicas"
                    : workload.isPresent()
                        ? "the Deployment coredns has no pods"
                        : "there is no Deployment coredns")
            .excludes("not scheduling: no pod waits for a node")
            .fix(
                workload.isPresent()
                    ? "kubectl -n kube-system scale deployment coredns --replicas=2"
                    : "install CoreDNS again: aws eks create-addon --cluster-name CLUSTER --addon-name"
                        + " coredns",
                workload.isPresent() && !scaledToZero
                    ? "kubectl -n kube-system describe replicaset -l k8s-app=kube-dns: read why it"
                        + " creates no pods"
                    : "check what removed CoreDNS: a rollout, an autoscaler or the EKS add-on")
            .build());
  }

  private static boolean hasNoEndpoints(EvidenceIndex evidence) {
    return evidence.list(Resources.SERVICES).stream()
        .filter(service -> service.namespace().equals("kube-system"))
        .filter(service -> service.name().equals("kube-dns"))
        .flatMap(service -> service.endpoints().stream())
        .anyMatch(endpoints -> endpoints.stream().noneMatch(Endpoint::ready));
  }

  private static boolean allReady(List<DnsPod> pods) {
    return pods.stream().allMatch(DnsPod::ready);
  }

  private static boolean usesAutoMode(EvidenceIndex evidence) {
    return evidence.list(Resources.NODES).stream()
        .anyMatch(node -> node.computeType() == ComputeType.AUTO);
  }

  /**
   * Every replica fails although it is ready: the readiness probe asks the plugin {@code ready},
   * which stays ready once it was (CoreDNS, plugin ready).
   */
  private static Optional<Finding> allFailing(EvidenceIndex evidence) {
    var service = evidence.dns().service();
    var backends = evidence.dns().backends().where(dns -> isCurrent(dns.server(), evidence));
    var failing = service.failingWith(NO_ANSWER);
    var failingBackends = backends.failingWith(NO_ANSWER);
    if (!failing.fromMostNodesOf(service)
        || !isReadyWithoutAnswers(backends, failingBackends, evidence)
        || isBlocked(backends, evidence)) {
      return Optional.empty();
    }
    var outcomes = (failingBackends.isEmpty() ? failing : failingBackends).lastOutcomes();
    var replicas = failingBackends.values(one -> one.key().server());
    var answers = outcomes.stream().anyMatch(outcome -> !SILENT.contains(outcome));
    return Optional.of(
        Finding.builder(RootCause.COREDNS_FAILING, FindingText.CLUSTER, answers ? 90 : 85)
            .evidence(
                "queries for names of the cluster fail on %s: %s"
                    .formatted(
                        FindingText.share(failing.nodes(), service.nodes()),
                        FindingText.list(outcomes)))
            .evidence(
                replicas.isEmpty()
                    ? "EKS Auto Mode runs CoreDNS on the nodes, outside pods"
                    : "all %d replicas are ready, and direct queries to them fail: %s"
                        .formatted(replicas.size(), FindingText.list(replicas)))
            .supportedBy(evidence.inventory(), Resources.DNS_PODS)
            .excludes("not scheduling and not readiness: the pods run and are ready")
            .excludesIf(answers, "not the network: CoreDNS answers, with an error")
            .fix(
                "kubectl -n kube-system logs -l k8s-app=kube-dns --tail=100: look for errors of the"
                    + " plugins kubernetes and forward, and for \"i/o timeout\"",
                answers
                    ? "check that CoreDNS reaches the API server, and the zones in the ConfigMap"
                        + " coredns"
                    : "check for a NetworkPolicy in kube-system that denies port 53, and whether the"
                        + " pods are at their CPU limit",
                "kubectl -n kube-system rollout restart deployment coredns")
            .holdFor(HOLD_FOR)
            .build());
  }

  /** Whether the server is a pod that a rollout has not just created or removed. */
  private static boolean isCurrent(String server, EvidenceIndex evidence) {
    return evidence.list(Resources.DNS_PODS).stream()
        .anyMatch(pod -> pod.ip().equals(server) && pod.ready() && !isNew(pod, evidence));
  }

  private static boolean isNew(DnsPod pod, EvidenceIndex evidence) {
    return !pod.created().plus(ROLLOUT).isBefore(evidence.now());
  }

  private static boolean isReadyWithoutAnswers(
      ProbeResults<DnsKey> backends, ProbeResults<DnsKey> failing, EvidenceIndex evidence) {
    if (backends.isEmpty()) {
      return evidence.inventory().get(Resources.DNS_PODS).filter(List::isEmpty).isPresent()
          && usesAutoMode(evidence);
    }
    var byServer = failing.groupBy(one -> one.key().server());
    return backends.groupBy(one -> one.key().server()).entrySet().stream()
        .allMatch(
            server ->
                byServer
                    .getOrDefault(server.getKey(), ProbeResults.none())
                    .fromMostNodesOf(server.getValue()));
  }

  /**
   * Whether a security group may explain the silence of all replicas. Packets within one node pass
   * none, so a node that hosts a replica and gets no answer either is evidence against it. Fargate
   * nodes, and few agents, cannot give this evidence.
   */
  static boolean isBlocked(ProbeResults<DnsKey> backends, EvidenceIndex evidence) {
    var nodeOfServer =
        evidence.list(Resources.DNS_PODS).stream()
            .collect(toMap(DnsPod::ip, DnsPod::node, (one, other) -> one));
    return backends.allFailingWith(SILENT)
        && !probesWithinNode(backends, nodeOfServer)
        && (backends.nodes().size() >= MIN_NODES
            || backends.values(one -> one.key().server()).stream()
                .allMatch(server -> isOnFargate(nodeOfServer.get(server), evidence)));
  }

  private static boolean probesWithinNode(
      ProbeResults<DnsKey> backends, Map<String, String> nodeOfServer) {
    return backends.series().stream()
        .anyMatch(one -> one.node().equals(nodeOfServer.get(one.key().server())));
  }

  private static boolean isOnFargate(@Nullable String node, EvidenceIndex evidence) {
    return Optional.ofNullable(node)
        .flatMap(evidence::node)
        .filter(found -> found.computeType() == ComputeType.FARGATE)
        .isPresent();
  }

  private static Stream<Finding> failingReplicas(EvidenceIndex evidence) {
    var backends = evidence.dns().backends();
    var byServer = backends.groupBy(one -> one.key().server());
    var failing =
        byServer.entrySet().stream()
            .filter(server -> isFailing(server.getKey(), server.getValue(), backends))
            .collect(toMap(entry -> entry.getKey(), entry -> entry.getValue()));
    if (failing.size() == byServer.size()) {
      return Stream.empty(); // see allFailing
    }
    // Without the pods it is unknown which replicas a rollout has removed.
    return evidence.list(Resources.DNS_PODS).stream()
        .filter(pod -> failing.containsKey(pod.ip()))
        .filter(pod -> !isNew(pod, evidence))
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
