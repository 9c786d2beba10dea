package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.eksnet.model.Cidr;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.NatGateway;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.RouteTable.Route;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.TargetHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * R77, R78: packets that get no answer have no route, or one to a NAT gateway that does not work. A
 * subnet without a route to the Internet is not a fault by itself: many clusters are private.
 */
final class EgressBroken implements DiagnosisRule {
  private static final Cidr INTERNET = Cidr.of("0.0.0.0/0");
  private static final List<Cidr> PRIVATE =
      Stream.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
          .map(Cidr::of)
          .toList();

  /** Why packets do not leave; {@code scope} names the route table or the NAT gateway. */
  private record Fault(RootCause cause, String scope, String reason, String fix, int percent) {}

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(toInternet(evidence), toTargets(evidence));
  }

  /** For the nodes that do not reach public addresses of STS. */
  private static Stream<Finding> toInternet(EvidenceIndex evidence) {
    var failing = EndpointUnreachable.withoutEgress(evidence);
    if (failing.isEmpty()) {
      return Stream.empty();
    }
    var all = evidence.results(StsKey.class).onNodes(evidence.sts().resolvesPublicly()::contains);
    var contradicted =
        all.healthy().nodes().stream()
            .flatMap(node -> fault(node, evidence).stream())
            .collect(toSet());
    return failing.nodes().stream()
        .filter(node -> fault(node, evidence).filter(it -> !contradicted.contains(it)).isPresent())
        .collect(groupingBy(node -> fault(node, evidence).orElseThrow()))
        .entrySet()
        .stream()
        .map(fault -> finding(fault.getKey(), fault.getValue(), all, evidence));
  }

  private static Finding finding(
      Fault fault, List<String> nodes, ProbeResults<StsKey> all, EvidenceIndex evidence) {
    var reached = all.healthy().nodes();
    return Finding.builder(fault.cause(), fault.scope(), fault.percent())
        .supportedBy(
            evidence.inventory(),
            fault.cause() == RootCause.NAT_GATEWAY_FAILED
                ? Resources.NAT_GATEWAYS
                : Resources.ROUTE_TABLES)
        .evidence(fault.reason())
        .evidence(
            "connections to public addresses of STS time out on "
                + FindingText.namedShare(nodes, all.nodes()))
        .evidenceIf(!reached.isEmpty(), "STS answers on " + FindingText.list(reached))
        .excludes("not DNS: the name resolves")
        .excludes("not IAM: no request reached STS")
        .affects(nodes.stream().map(node -> "node/" + node).toList())
        .explainsOnly(
            Set.of(
                RootCause.NO_EGRESS, RootCause.AWS_API_UNREACHABLE, RootCause.IMAGE_PULL_BLOCKED))
        .fix(fault.fix())
        .build();
  }

  /** The fault of all subnets by which packets of the node may leave. */
  private static Optional<Fault> fault(String node, EvidenceIndex evidence) {
    var subnets = evidence.vpcPaths().egressSubnets(node);
    var faults = subnets.stream().map(subnet -> fault(node, subnet, evidence)).distinct().toList();
    return faults.size() == 1 ? faults.get(0) : Optional.empty();
  }

  private static Optional<Fault> fault(String node, Subnet subnet, EvidenceIndex evidence) {
    return evidence
        .vpcPaths()
        .routeTable(subnet.id())
        .flatMap(table -> fault(node, table, evidence));
  }

  private static Optional<Fault> fault(String node, RouteTable table, EvidenceIndex evidence) {
    var route = table.routeTo(INTERNET);
    if (route.isEmpty()) {
      return mayReachPublicAddresses(table) ? Optional.empty() : Optional.of(missing(table));
    }
    var target = route.get().target();
    if (!target.startsWith("nat-")) {
      return route.get().active() ? Optional.empty() : Optional.of(blackhole(table, route.get()));
    }
    var known = evidence.inventory().get(Resources.NAT_GATEWAYS);
    var gateway =
        known.flatMap(all -> all.stream().filter(nat -> nat.id().equals(target)).findFirst());
    if (gateway.filter(NatGateway::dead).isPresent()
        || (gateway.isEmpty() && !route.get().active())) {
      return Optional.of(failed(target, gateway, table));
    }
    if (!route.get().active()) {
      return Optional.of(blackhole(table, route.get()));
    }
    return gateway.filter(NatGateway::available).flatMap(nat -> behind(nat, node, evidence));
  }

  /** Ranges of public addresses, or prefix lists that may contain them. */
  private static boolean mayReachPublicAddresses(RouteTable table) {
    return table.mayRouteByPrefixList()
        || table.routes().stream()
            .filter(route -> !route.target().equals("local"))
            .flatMap(route -> Cidr.parse(route.destination()).stream())
            .anyMatch(
                range ->
                    range.isIp4() && PRIVATE.stream().noneMatch(known -> known.contains(range)));
  }

  /** Such as {@code rtb-1 (subnet-1, subnet-2)}. */
  private static String name(RouteTable table) {
    return "%s (%s)"
        .formatted(
            table.id(), table.subnetIds().isEmpty() ? "main" : FindingText.list(table.subnetIds()));
  }

  private static Fault missing(RouteTable table) {
    return new Fault(
        RootCause.ROUTE_MISSING,
        "route_table/" + table.id(),
        name(table) + " has no route to 0.0.0.0/0",
        "in %s, add a route to 0.0.0.0/0 through a NAT gateway; or add a VPC endpoint for STS with"
                .formatted(table.id())
            + " private DNS",
        90);
  }

  private static Fault blackhole(RouteTable table, Route route) {
    return new Fault(
        RootCause.ROUTE_MISSING,
        "route_table/" + table.id(),
        "the route of %s to %s by %s is a blackhole"
            .formatted(name(table), route.destination(), route.target()),
        "replace the route of %s to %s: %s no longer exists or is not attached"
            .formatted(table.id(), route.destination(), route.target()),
        90);
  }

  private static Fault failed(String id, Optional<NatGateway> gateway, RouteTable table) {
    var failure = gateway.map(NatGateway::failure).filter(text -> !text.isEmpty());
    return new Fault(
        RootCause.NAT_GATEWAY_FAILED,
        "nat_gateway/" + id,
        "%s, to which %s routes 0.0.0.0/0, %s%s"
            .formatted(
                id,
                table.id(),
                gateway.map(nat -> "is " + nat.state()).orElse("no longer exists"),
                failure.map(text -> ": " + text).orElse("")),
        "create a NAT gateway in a public subnet of the zone, and replace the route of %s to 0.0.0.0/0"
            .formatted(table.id()),
        90);
  }

  /** A NAT gateway that works, in a subnet without a route or in a zone that is cut off. */
  private static Optional<Fault> behind(NatGateway nat, String node, EvidenceIndex evidence) {
    if (nat.isPublic()) {
      var table = evidence.vpcPaths().routeTable(nat.subnetId());
      var route = table.flatMap(it -> it.routeTo(INTERNET));
      if (route.isPresent() && !route.get().active()) {
        return table.map(it -> blackhole(it, route.get()));
      }
      if (table.isPresent() && route.isEmpty() && !mayReachPublicAddresses(table.get())) {
        return Optional.of(
            new Fault(
                RootCause.ROUTE_MISSING,
                "route_table/" + table.get().id(),
                "%s, which %s is in, has no route to 0.0.0.0/0"
                    .formatted(name(table.get()), nat.id()),
                "in %s, add a route to 0.0.0.0/0 through the internet gateway of the VPC"
                    .formatted(table.get().id()),
                90));
      }
    }
    return evidence.list(Resources.SUBNETS).stream()
        .filter(subnet -> subnet.id().equals(nat.subnetId()))
        .map(Subnet::zone)
        .filter(zone -> isCutOff(zone, node, evidence))
        .findFirst()
        .map(
            zone ->
                new Fault(
                    RootCause.NAT_GATEWAY_FAILED,
                    "nat_gateway/" + nat.id(),
                    "%s is in %s, which these nodes do not reach".formatted(nat.id(), zone),
                    "add a NAT gateway in each zone, and route each subnet to that of its zone",
                    75));
  }

  private static boolean isCutOff(String zone, String node, EvidenceIndex evidence) {
    var paths =
        evidence
            .results(PodKey.class)
            .where(path -> path.targetZone().equals(zone) && !path.sourceZone().equals(zone))
            .onNodes(node::equals);
    return paths.allFailing("timeout");
  }

  /** A target to which a route table has no route. */
  private record Unrouted(String reason, TargetHealth target, TargetGroupView group) {}

  /** Targets outside the VPC, to which the subnets of the load balancer have no route. */
  private static Stream<Finding> toTargets(EvidenceIndex evidence) {
    var unrouted = new TreeMap<String, List<Unrouted>>();
    for (var group : evidence.targetGroups()) {
      var tables = tables(group, evidence);
      var healthy =
          group.healthy().stream().flatMap(one -> unrouted(one, tables).keySet().stream());
      var contradicted = healthy.collect(toCollection(TreeSet::new));
      for (var target : group.unhealthy(group::mayBeSilent)) {
        unrouted(target, tables)
            .forEach(
                (table, reason) -> {
                  if (!contradicted.contains(table)) {
                    unrouted
                        .computeIfAbsent(table, id -> new ArrayList<>())
                        .add(new Unrouted(reason, target, group));
                  }
                });
      }
    }
    return unrouted.entrySet().stream()
        .map(table -> finding(table.getKey(), table.getValue(), evidence));
  }

  private static List<RouteTable> tables(TargetGroupView group, EvidenceIndex evidence) {
    return group.loadBalancers().stream()
        .flatMap(lb -> lb.subnets().values().stream())
        .flatMap(subnet -> evidence.vpcPaths().routeTable(subnet).stream())
        .distinct()
        .toList();
  }

  /** By route table: why it has no route to the target. */
  private static Map<String, String> unrouted(TargetHealth target, List<RouteTable> tables) {
    var reasons = new TreeMap<String, String>();
    Cidr.parse(target.id())
        .filter(Cidr::isIp4)
        .ifPresent(
            address ->
                tables.stream()
                    .filter(table -> !table.mayRouteByPrefixList())
                    .forEach(
                        table ->
                            unrouted(address, table)
                                .ifPresent(reason -> reasons.put(table.id(), reason))));
    return reasons;
  }

  private static Optional<String> unrouted(Cidr address, RouteTable table) {
    var route = table.routeTo(address);
    if (route.isEmpty()) {
      return Optional.of("%s has no route to %s".formatted(table.id(), address));
    }
    return route
        .filter(found -> !found.active())
        .map(
            found ->
                "the route of %s to %s by %s is a blackhole"
                    .formatted(table.id(), found.destination(), found.target()));
  }

  private static Finding finding(String table, List<Unrouted> all, EvidenceIndex evidence) {
    var finding =
        Finding.builder(RootCause.ROUTE_MISSING, "route_table/" + table, 90)
            .supportedBy(evidence.inventory(), Resources.ROUTE_TABLES, Resources.TARGET_HEALTH);
    var reasons = all.stream().map(Unrouted::reason).distinct().toList();
    reasons.stream().limit(3).forEach(finding::evidence);
    all.stream()
        .collect(groupingBy(one -> one.group().group().name(), TreeMap::new, toList()))
        .forEach(
            (group, its) ->
                finding
                    .evidence(
                        "%s for %s of target group %s"
                            .formatted(
                                its.get(0).target().reason(),
                                its.get(0)
                                    .group()
                                    .share(its.stream().map(Unrouted::target).toList()),
                                group))
                    .affects(List.of("target_group/" + group)));
    return finding
        .explainsOnly(Set.of(RootCause.TARGET_GROUP_FAILING_OPEN))
        .fix(
            "in %s, add a route to %s through the peering connection or transit gateway"
                .formatted(
                    table, FindingText.list(all.stream().map(one -> one.target().id()).toList())),
            "add a route back in the network of the targets")
        .build();
  }
}
