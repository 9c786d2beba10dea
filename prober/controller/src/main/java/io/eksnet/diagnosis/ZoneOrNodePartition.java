package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import io.eksnet.diagnosis.ProbeResults.Sighting;
import io.eksnet.model.SeriesKey.PodPath;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.ResultWindow.Span;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Resources;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R40: agents cannot reach the agents of one node, or those of one zone from another, and reach all
 * others.
 */
final class ZoneOrNodePartition implements Rule {
  private static final int VOTES = 2;
  private static final String BETWEEN = " to ";

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var present = present(evidence);
    var mesh =
        ProbeResults.of(evidence, PodPath.class).where(path -> present.contains(path.peer()));
    var well = mesh.healthy().successes();
    var zones = brokenPairs(mesh, well);
    var nodes = cutOff(mesh, zones, well);
    return nodes.isEmpty() ? zones(zones, mesh) : nodes.stream().flatMap(node -> node(node, mesh));
  }

  /** Peers that are gone say nothing: they are not cut off. */
  private static Set<String> present(Evidence evidence) {
    return evidence
        .inventory()
        .get(Resources.AGENTS)
        .map(AgentFleet::agents)
        .orElse(List.of())
        .stream()
        .filter(Agent::ready)
        .map(Agent::node)
        .collect(Collectors.toSet());
  }

  /** Single nodes that nobody reaches; those of a zone that is cut off as a whole are not. */
  private static List<String> cutOff(
      ProbeResults<PodPath> mesh, List<String> zones, NavigableSet<Span> well) {
    var byPeer = mesh.by(seen -> seen.subject().peer());
    var peersOf =
        mesh.all().stream()
            .map(Sighting::subject)
            .collect(groupingBy(ZoneOrNodePartition::pair, mapping(PodPath::peer, toSet())));
    var peers = mesh.values(seen -> seen.subject().peer());
    var cut =
        peers.stream()
            .filter(peer -> nobodyReaches(byPeer.of(peer), well))
            .filter(peer -> !goesWithItsZone(byPeer.of(peer), zones, peersOf))
            .toList();
    return cut.size() * 2 > peers.size() ? List.of() : cut;
  }

  /** Whether only zones ask it that reach none of its neighbours either. */
  private static boolean goesWithItsZone(
      ProbeResults<PodPath> its, List<String> zones, Map<String, Set<String>> peersOf) {
    var pairs = its.values(seen -> pair(seen.subject()));
    return zones.containsAll(pairs)
        && pairs.stream().anyMatch(pair -> peersOf.getOrDefault(pair, Set.of()).size() > 1);
  }

  private static boolean nobodyReaches(ProbeResults<PodPath> its, NavigableSet<Span> well) {
    return its.nodes().size() >= VOTES && isCut(its, well);
  }

  /** Whether all of it fails, and did while something else was well. */
  private static boolean isCut(ProbeResults<PodPath> part, NavigableSet<Span> well) {
    return part.failing().failedWhile(well).all().size() == part.all().size();
  }

  private static Stream<Finding> node(String node, ProbeResults<PodPath> mesh) {
    var its = mesh.where(path -> path.peer().equals(node));
    return FindingBuilder.of(RootCause.ZONE_OR_NODE_PARTITION, "node/" + node, 80)
        .seen(
            "the agent on %s cannot be reached from %s"
                .formatted(node, FindingText.share(its.failing().nodes(), its.nodes())))
        .seen("%d other ways from pod to pod are well".formatted(mesh.healthy().all().size()))
        .excludes("not the asking nodes: they reach others")
        .fix(
            "see the security groups of the node and its interfaces",
            "see its conditions, kube-proxy and aws-node; drain it if nothing helps")
        .stream();
  }

  private static List<String> brokenPairs(ProbeResults<PodPath> mesh, NavigableSet<Span> well) {
    var pairs = mesh.values(seen -> pair(seen.subject()));
    var broken = pairs.stream().filter(pair -> isBroken(of(pair, mesh), well)).toList();
    return broken.size() == pairs.size() ? List.of() : broken;
  }

  private static Stream<Finding> zones(List<String> broken, ProbeResults<PodPath> mesh) {
    if (broken.isEmpty()) {
      return Stream.empty();
    }
    var nodes = broken.stream().mapToInt(pair -> of(pair, mesh).nodes().size()).sum();
    return FindingBuilder.of(RootCause.ZONE_OR_NODE_PARTITION, "zone/" + inAll(broken), 80)
        .seen(
            "nothing gets from %s, asked from %d nodes".formatted(FindingText.list(broken), nodes))
        .seen("%d other ways from pod to pod are well".formatted(mesh.healthy().all().size()))
        .excludes("not single nodes: every one of the zone is concerned")
        .fix(
            "see the network ACLs of the subnets of these zones",
            "see their route tables and security groups")
        .stream();
  }

  private static ProbeResults<PodPath> of(String pair, ProbeResults<PodPath> mesh) {
    return mesh.where(path -> pair.equals(pair(path)));
  }

  private static String pair(PodPath path) {
    return path.sourceZone() + BETWEEN + path.targetZone();
  }

  /** The zone that every broken way comes from or goes to; else the first that one comes from. */
  private static String inAll(List<String> pairs) {
    var first = List.of(pairs.get(0).split(BETWEEN, 2));
    return first.stream()
        .filter(zone -> pairs.stream().allMatch(p -> List.of(p.split(BETWEEN, 2)).contains(zone)))
        .findFirst()
        .orElse(first.get(0));
  }

  private static boolean isBroken(ProbeResults<PodPath> pair, NavigableSet<Span> well) {
    return pair.all().size() >= VOTES && isCut(pair, well);
  }
}
