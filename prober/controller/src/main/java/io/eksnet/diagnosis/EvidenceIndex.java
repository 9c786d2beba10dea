package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.eksnet.diagnosis.ProbeResults.Series;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.LatencyBaseline;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The evidence of one diagnosis with the indexes that rules share. They are built once: a cluster
 * has thousands of nodes, targets and security paths.
 */
final class EvidenceIndex {
  private final Evidence evidence;
  private final Map<Class<?>, List<Series<?>>> series;
  private final Map<String, KubeNode> nodes;
  private final DnsResults dns;
  private final List<EndpointResults> endpoints;
  private final PodAddresses addresses;
  private final VpcPaths vpcPaths;
  private final List<TargetGroupView> targetGroups;

  EvidenceIndex(Evidence evidence) {
    this.evidence = evidence;
    this.series =
        evidence.agents().stream()
            .flatMap(EvidenceIndex::series)
            .collect(groupingBy(one -> one.key().getClass()));
    this.nodes = byKey(Resources.NODES, KubeNode::name);
    this.dns = DnsResults.of(results(DnsKey.class));
    this.endpoints =
        EndpointResults.of(results(StsKey.class), results(EndpointKey.class), evidence.agents());
    this.addresses = new PodAddresses(this);
    this.vpcPaths = new VpcPaths(evidence.inventory());
    this.targetGroups = TargetGroupView.all(this);
  }

  private static Stream<Series<?>> series(AgentReport agent) {
    return agent.windows().stream()
        .filter(window -> !window.results().isEmpty())
        .map(window -> new Series<>(agent.node(), agent.zone(), window.key(), window));
  }

  Instant now() {
    return evidence.now();
  }

  Inventory inventory() {
    return evidence.inventory();
  }

  List<AgentReport> agents() {
    return evidence.agents();
  }

  /** The usual latency of the paths for which it is known. */
  List<LatencyBaseline> baselines() {
    return evidence.baselines();
  }

  /** The elements of a resource; none if it is unknown. */
  <T> List<T> list(Resource<List<T>> resource) {
    return inventory().list(resource);
  }

  /** The elements of a resource by a key; of several with one key, the first. */
  <T> Map<String, T> byKey(Resource<List<T>> resource, Function<T, String> key) {
    return list(resource).stream().collect(toMap(key, element -> element, (first, next) -> first));
  }

  Optional<KubeNode> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  /** The results of all series with this type of key. */
  @SuppressWarnings("unchecked") // series are grouped by the class of their key
  <S extends SeriesKey> ProbeResults<S> results(Class<S> type) {
    return new ProbeResults<>((List<Series<S>>) (List<?>) series.getOrDefault(type, List.of()));
  }

  /**
   * The scope of a fault that these nodes have in common: the node, the zone if the cluster has
   * nodes in others, else the cluster. One node is never the whole cluster, unless it is the only
   * one.
   */
  String scope(Collection<String> nodeNames) {
    if (nodeNames.size() == 1 && nodes.size() != 1) {
      return "node/" + nodeNames.iterator().next();
    }
    var zones =
        nodeNames.stream().map(name -> node(name).map(KubeNode::zone).orElse("")).collect(toSet());
    var zone = zones.size() == 1 ? zones.iterator().next() : "";
    return zone.isEmpty() || nodes.values().stream().allMatch(node -> node.zone().equals(zone))
        ? FindingText.CLUSTER
        : "zone/" + zone;
  }

  DnsResults dns() {
    return dns;
  }

  /** The probed endpoints of AWS services, STS first. */
  List<EndpointResults> endpoints() {
    return endpoints;
  }

  EndpointResults sts() {
    return endpoints.get(0);
  }

  VpcPaths vpcPaths() {
    return vpcPaths;
  }

  PodAddresses addresses() {
    return addresses;
  }

  /**
   * Those of {@code failing} that failed while their agent reached another node: what fails on a
   * node that is cut off, alone or with its zone, is a consequence of that. Nodes without results
   * of the pod suite are kept.
   */
  <S extends SeriesKey> ProbeResults<S> withoutIsolated(ProbeResults<S> failing) {
    var paths = results(PodKey.class);
    var toOtherZones = paths.where(path -> !path.sourceZone().equals(path.targetZone()));
    var nodesOfSeveralZones = toOtherZones.nodes();
    var witnesses =
        new ProbeResults<>(
            paths.series().stream()
                .filter(
                    one ->
                        !nodesOfSeveralZones.contains(one.node())
                            || !one.key().sourceZone().equals(one.key().targetZone()))
                .toList());
    var probing = paths.nodes();
    var reaching = failing.failedWhileAnySucceeded(witnesses).nodes();
    return failing.onNodes(node -> !probing.contains(node) || reaching.contains(node));
  }

  /** The target groups whose health is known. */
  List<TargetGroupView> targetGroups() {
    return targetGroups;
  }
}
