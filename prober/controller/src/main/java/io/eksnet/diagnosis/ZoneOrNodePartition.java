package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import io.eksnet.diagnosis.ProbeResults.Series;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.ResultWindow.Span;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Resources;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * R40: agents cannot reach the agent of one node, or those of one zone from another zone, while
 * other paths between pods work.
 */
final class ZoneOrNodePartition implements DiagnosisRule {
  /** One agent that fails may be at fault itself. */
  private static final int MIN_VOTES = 2;

  /**
   * A refused or reset connection is a response of the node: its agent is down, not its network.
   */
  private static final Set<String> ANSWERED = Set.of("conn_refused", "conn_reset");

  private static final String TO = " to ";

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var present = readyAgents(evidence);
    var mesh = evidence.results(PodKey.class).where(path -> present.contains(path.peer()));
    if (unreachable(mesh).isEmpty()) {
      return Stream.empty();
    }
    var successes = mesh.healthy().successes();
    var byPair = mesh.groupBy(one -> pair(one.key()));
    var byPeer = mesh.groupBy(one -> one.key().peer());
    var brokenPairs = brokenPairs(byPair, successes);
    var cutOff = cutOffNodes(mesh, byPeer, brokenPairs, successes);
    return cutOff.isEmpty()
        ? zoneFinding(brokenPairs, byPair, mesh).stream()
        : cutOff.stream()
            .flatMap(node -> Stream.ofNullable(byPeer.get(node)).map(its -> node(node, its, mesh)));
  }

  /** Agents that were removed are not cut off. */
  private static Set<String> readyAgents(EvidenceIndex evidence) {
    return evidence
        .inventory()
        .get(Resources.AGENTS)
        .map(AgentFleet::agents)
        .orElse(List.of())
        .stream()
        .filter(Agent::ready)
        .map(Agent::node)
        .collect(toSet());
  }

  private static List<String> brokenPairs(
      Map<String, ProbeResults<PodKey>> byPair, NavigableSet<Span> successes) {
    var broken =
        byPair.entrySet().stream()
            .filter(pair -> pair.getValue().size() >= MIN_VOTES)
            .filter(pair -> isCutOff(pair.getValue(), successes))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    return broken.size() == byPair.size() ? List.of() : broken;
  }

  /** Single nodes that no agent reaches, except those of a zone that is cut off as a whole. */
  private static List<String> cutOffNodes(
      ProbeResults<PodKey> mesh,
      Map<String, ProbeResults<PodKey>> byPeer,
      List<String> brokenPairs,
      NavigableSet<Span> successes) {
    var peersOfPair =
        mesh.series().stream()
            .map(Series::key)
            .collect(groupingBy(ZoneOrNodePartition::pair, mapping(PodKey::peer, toSet())));
    var cutOff =
        byPeer.entrySet().stream()
            .filter(peer -> peer.getValue().nodes().size() >= MIN_VOTES)
            .filter(peer -> isCutOff(peer.getValue(), successes))
            .filter(peer -> !isCutOffWithZone(peer.getValue(), brokenPairs, peersOfPair))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    return cutOff.size() * 2 > byPeer.size() ? List.of() : cutOff;
  }

  /** Whether the node is probed only from zones that reach none of its neighbours either. */
  private static boolean isCutOffWithZone(
      ProbeResults<PodKey> results,
      List<String> brokenPairs,
      Map<String, Set<String>> peersOfPair) {
    var pairs = results.values(one -> pair(one.key()));
    return brokenPairs.containsAll(pairs)
        && pairs.stream().anyMatch(pair -> peersOfPair.getOrDefault(pair, Set.of()).size() > 1);
  }

  /** Whether all of these fail, and did so while other paths worked. */
  private static boolean isCutOff(ProbeResults<PodKey> results, NavigableSet<Span> successes) {
    var failing = unreachable(results);
    return failing.size() == results.size()
        && failing.failedDuring(successes).size() == results.size();
  }

  private static ProbeResults<PodKey> unreachable(ProbeResults<PodKey> results) {
    return results
        .failing()
        .matching(
            window -> window.last().filter(last -> ANSWERED.contains(last.outcome())).isEmpty());
  }

  private static Finding node(
      String node, ProbeResults<PodKey> results, ProbeResults<PodKey> mesh) {
    return Finding.builder(RootCause.ZONE_OR_NODE_PARTITION, "node/" + node, 80)
        .evidence(
            "the agent on %s is unreachable from %s"
                .formatted(node, FindingText.share(results.failing().nodes(), results.nodes())))
        .evidence("%d other paths between pods work".formatted(mesh.healthy().size()))
        .excludes("not the probing nodes: they reach others")
        .fix(
            "check the security groups of the node and its network interfaces",
            "check its conditions, kube-proxy and aws-node; drain it if nothing helps")
        .build();
  }

  private static Optional<Finding> zoneFinding(
      List<String> pairs, Map<String, ProbeResults<PodKey>> byPair, ProbeResults<PodKey> mesh) {
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    var nodes =
        pairs.stream()
            .mapToInt(pair -> byPair.getOrDefault(pair, ProbeResults.none()).nodes().size())
            .sum();
    return Optional.of(
        Finding.builder(RootCause.ZONE_OR_NODE_PARTITION, "zone/" + commonZone(pairs), 80)
            .evidence(
                "no packets arrive from %s, probed from %d nodes"
                    .formatted(FindingText.list(pairs), nodes))
            .evidence("%d other paths between pods work".formatted(mesh.healthy().size()))
            .excludes("not single nodes: all nodes of the zone are affected")
            .fix(
                "check the network ACLs of the subnets in these zones",
                "check their route tables and security groups")
            .build());
  }

  private static String pair(PodKey path) {
    return path.sourceZone() + TO + path.targetZone();
  }

  /** The zone at one end of every broken pair; else the source of the first. */
  private static String commonZone(List<String> pairs) {
    var first = List.of(pairs.get(0).split(TO, 2));
    return first.stream()
        .filter(zone -> pairs.stream().allMatch(p -> List.of(p.split(TO, 2)).contains(zone)))
        .findFirst()
        .orElse(first.get(0));
  }
}
