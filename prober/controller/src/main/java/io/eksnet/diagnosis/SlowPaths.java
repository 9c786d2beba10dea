package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.eksnet.diagnosis.ProbeResults.Series;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.LatencyBaseline;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * R90, R91, R92: pairs of zones, target groups and DNS that answer much slower than they usually
 * do. A path without a baseline is not judged, nor one that was always slow. Most series of a path
 * must be slow, each three times in a row, so that neither a single response nor a single agent
 * counts.
 */
final class SlowPaths implements DiagnosisRule {
  private static final int FACTOR = 3;
  private static final int RUNS = 3;

  /** In milliseconds: less is what a process waits for a CPU, and what load adds. */
  private static final long MIN_DELAY = 100;

  private static final Duration HOLD_FOR = Duration.ofMinutes(1);

  /**
   * A path most of whose series are slow.
   *
   * @param usual milliseconds
   */
  private record SlowPath<S extends SeriesKey>(
      long usual, ProbeResults<S> slow, ProbeResults<S> all) {
    S key() {
      return slow.series().get(0).key();
    }

    String durations() {
      return "%d ms, usually %d ms".formatted(median(slow), usual);
    }
  }

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var usual =
        evidence.baselines().stream()
            .collect(toMap(LatencyBaseline::path, LatencyBaseline::millis, (first, next) -> first));
    return usual.isEmpty()
        ? Stream.empty()
        : Stream.of(zonePairs(evidence, usual), targetGroups(evidence, usual), dns(evidence, usual))
            .flatMap(findings -> findings);
  }

  private static Stream<Finding> zonePairs(EvidenceIndex evidence, Map<String, Long> usual) {
    var mesh = evidence.results(PodKey.class);
    var slow = slow(mesh, usual);
    if (slow.isEmpty()) {
      return Stream.empty();
    }
    var pairs = slow.stream().map(path -> pair(path.key())).toList();
    var agents = slow.stream().flatMap(path -> path.slow().nodes().stream()).collect(toSet());
    var all = mesh.values(one -> pair(one.key())).size();
    var everywhere = slow.size() == all;
    var worst = slow.stream().max(Comparator.comparingLong(path -> median(path.slow()))).get();
    var finding =
        Finding.builder(RootCause.PATH_SLOW, everywhere ? FindingText.CLUSTER : scope(slow), 80)
            .supportedIf(agents.size() > 1)
            .evidence(
                "responses of agents from %s take %s"
                    .formatted(pair(worst.key()), worst.durations()))
            .evidence(
                "%d of %d zone pairs are slow: %s"
                    .formatted(pairs.size(), all, FindingText.list(pairs)))
            .excludes("not DNS, load balancers or applications: agents call each other by address")
            .holdFor(HOLD_FOR);
    return Stream.of(
        (everywhere
                ? finding.fix(
                    "kubectl top nodes",
                    "check the CPU limit of the agents and the load of the nodes: all paths are slow")
                : finding
                    .excludes("not the agents: other paths between pods are not slow")
                    .fix(
                        "kubectl top nodes --selector topology.kubernetes.io/zone=" + zone(slow),
                        "check AWS Health for events of the zone, and the network allowances of its"
                            + " instances (eksnet_ena_allowance_exceeded_total)",
                        "shift traffic away from the zone while it is slow (zonal shift)"))
            .build());
  }

  private static Stream<Finding> targetGroups(EvidenceIndex evidence, Map<String, Long> usual) {
    return slow(evidence.results(TargetKey.class), usual).stream()
        .map(path -> targetGroup(path, evidence));
  }

  private static Finding targetGroup(SlowPath<TargetKey> path, EvidenceIndex evidence) {
    var name = path.key().targetGroup();
    var slow = path.slow().values(one -> one.key().address());
    var all = path.all().values(one -> one.key().address());
    var throughLb =
        evidence.targetGroups().stream()
            .filter(view -> view.group().name().equals(name))
            .map(TargetGroupView::lbResults)
            .map(SlowPaths::successes)
            .filter(results -> !results.isEmpty())
            .findFirst();
    return Finding.builder(RootCause.TARGET_SLOW, "target_group/" + name, 80)
        .supportedIf(slow.size() > 1 || path.slow().nodes().size() > 1)
        .evidence(
            "requests of agents to %d of %d targets take %s"
                .formatted(slow.size(), all.size(), path.durations()))
        .evidenceIf(
            throughLb.isPresent(),
            "requests through its load balancer take %d ms"
                .formatted(throughLb.map(SlowPaths::median).orElse(0L)))
        .excludes("not the load balancer: agents call the targets without it")
        .fix(
            "compare the CPU usage of the pods behind it with their limits (kubectl top pods)",
            "check what the application calls: databases, other Services, AWS APIs",
            "add replicas, or undo the last rollout")
        .holdFor(HOLD_FOR)
        .build();
  }

  private static ProbeResults<LbKey> successes(ProbeResults<LbKey> results) {
    return results.matching(ResultWindow::healthy);
  }

  private static Stream<Finding> dns(EvidenceIndex evidence, Map<String, Long> usual) {
    var slow = slow(evidence.results(DnsKey.class), usual);
    var ofPods = slow.stream().filter(path -> !path.key().path().equals("vpc_resolver")).toList();
    if (ofPods.isEmpty()) {
      return Stream.empty();
    }
    var ofCluster = ofPods.stream().anyMatch(path -> isOfCluster(path.key()));
    var ofResolver = slow.size() > ofPods.size();
    var finding =
        Finding.builder(RootCause.DNS_SLOW, FindingText.CLUSTER, 80)
            .supportedIf(ofPods.stream().anyMatch(path -> path.slow().nodes().size() > 1))
            .holdFor(HOLD_FOR);
    ofPods.stream()
        .map(
            path ->
                "lookups of %s names on %s take %s"
                    .formatted(
                        path.key().queryClass(),
                        FindingText.share(path.slow().nodes(), path.all().nodes()),
                        path.durations()))
        .sorted()
        .forEach(finding::evidence);
    return Stream.of(
        (ofCluster
                ? finding
                    .excludes("not the upstream resolver alone: names of the cluster are slow, too")
                    .fix(
                        "kubectl -n kube-system top pods -l k8s-app=kube-dns",
                        "add replicas of CoreDNS, raise its CPU limit, or run NodeLocal DNSCache")
                : finding
                    .excludes("not CoreDNS: it answers names of the cluster as fast as usual")
                    .evidenceIf(ofResolver, "the VPC resolver is slow, too")
                    .fix(
                        "check the resolvers to which CoreDNS forwards (kubectl -n kube-system get"
                            + " configmap coredns -o yaml)",
                        ofResolver
                            ? "check the Resolver rules of the VPC and AWS Health"
                            : "check the path from CoreDNS to these resolvers"))
            .build());
  }

  private static boolean isOfCluster(DnsKey key) {
    return Set.of("internal", "negative").contains(key.queryClass());
  }

  private static <S extends SeriesKey> List<SlowPath<S>> slow(
      ProbeResults<S> results, Map<String, Long> usual) {
    return results.groupBy(one -> LatencyPath.of(one.key()).orElse("")).entrySet().stream()
        .flatMap(
            path ->
                Optional.ofNullable(usual.get(path.getKey())).stream()
                    .flatMap(millis -> slow(path.getValue(), millis).stream()))
        .sorted(Comparator.comparing(path -> path.key().toString()))
        .toList();
  }

  private static <S extends SeriesKey> Optional<SlowPath<S>> slow(ProbeResults<S> all, long usual) {
    var limit = Math.max(FACTOR * usual, usual + MIN_DELAY);
    var slow = all.matching(window -> isSlow(window, limit));
    return slow.size() * 2 > all.size()
        ? Optional.of(new SlowPath<>(usual, slow, all))
        : Optional.empty();
  }

  /**
   * A failed run has no latency, and one that lost a packet shows the loss. A success with 0 ms
   * shows nothing: its duration is unknown because the event loop stalled, or below a millisecond.
   */
  private static boolean isSlow(ResultWindow window, long limit) {
    var timed =
        window.results().stream()
            .filter(run -> !run.succeeded() || run.took() > 0)
            .limit(RUNS)
            .toList();
    return timed.size() == RUNS
        && timed.stream().allMatch(run -> run.succeeded() && !run.retried() && run.took() > limit);
  }

  /** Of the last runs, in milliseconds. */
  private static long median(ProbeResults<?> results) {
    var took =
        results.series().stream()
            .map(Series::window)
            .flatMap(window -> window.last().stream())
            .mapToLong(Result::took)
            .sorted()
            .toArray();
    return took.length == 0 ? 0 : took[took.length / 2];
  }

  private static String pair(PodKey key) {
    return key.sourceZone() + " to " + key.targetZone();
  }

  private static String scope(List<SlowPath<PodKey>> slow) {
    var zone = zone(slow);
    return zone.isEmpty() ? FindingText.CLUSTER : "zone/" + zone;
  }

  /** The zone at one end of every slow pair; else the source of the first. */
  private static String zone(List<SlowPath<PodKey>> slow) {
    var first = slow.get(0).key();
    return Stream.of(first.sourceZone(), first.targetZone())
        .filter(
            zone ->
                slow.stream()
                    .map(SlowPath::key)
                    .allMatch(
                        key -> key.sourceZone().equals(zone) || key.targetZone().equals(zone)))
        .findFirst()
        .orElse(first.sourceZone());
  }
}
