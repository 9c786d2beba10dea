package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.eksnet.diagnosis.ProbeResults.Series;
import io.eksnet.model.Cidr;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.SubnetPaths.Client;
import io.eksnet.model.inventory.SubnetPaths.Connection;
import io.eksnet.model.inventory.SubnetPaths.Denial;
import io.eksnet.model.inventory.SubnetPaths.End;
import io.eksnet.model.inventory.SubnetPaths.Protocol;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.VpcEndpoint;
import io.eksnet.plan.FleetPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * R76: a network ACL denies connections that fail. An ACL alone is no finding, nor is one that
 * denies what works: only rules that no successful connection contradicts count.
 */
final class NaclBlocks implements DiagnosisRule {
  private static final int HTTPS = 443;
  private static final int DNS = 53;

  /** Whether packets got no answer: an ACL drops them silently. */
  private static final Set<String> DROPPED = Set.of("timeout", "unreachable");

  private static final Set<RootCause> OF_TARGETS =
      EnumSet.of(
          RootCause.TARGET_GROUP_FAILING_OPEN,
          RootCause.TARGET_HUNG,
          RootCause.TARGET_PROTOCOL_MISMATCH,
          RootCause.NACL_OR_ROUTE);
  private static final Set<RootCause> OF_AGENTS = EnumSet.of(RootCause.ZONE_OR_NODE_PARTITION);
  private static final Set<RootCause> OF_DNS =
      EnumSet.of(
          RootCause.DNS_PORT_BLOCKED, RootCause.COREDNS_REPLICA_SICK, RootCause.DNS_PACKET_LOSS);
  private static final Set<RootCause> OF_ENDPOINT =
      EnumSet.of(
          RootCause.ENDPOINT_UNREACHABLE,
          RootCause.ENDPOINT_ZONE_MISSING,
          RootCause.AWS_API_UNREACHABLE);
  private static final Set<RootCause> OF_INTERNET =
      EnumSet.of(RootCause.NO_EGRESS, RootCause.AWS_API_UNREACHABLE, RootCause.IMAGE_PULL_BLOCKED);

  /**
   * What fails and which ACL explains it.
   *
   * @param scopes the objects that fail
   * @param whole whether the ACL denies every path to the objects
   * @param consequences causes of other findings that the denial explains
   */
  private record Blocked(
      Denial denial,
      List<String> scopes,
      String observation,
      boolean whole,
      Set<RootCause> consequences) {}

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.of(
            targets(evidence),
            clientsOfNetworkLoadBalancers(evidence),
            betweenAgents(evidence),
            toDnsServers(evidence),
            toEndpoint(evidence),
            toInternet(evidence))
        .flatMap(blocked -> blocked)
        .collect(groupingBy(one -> one.denial().aclId(), TreeMap::new, toList()))
        .entrySet()
        .stream()
        .map(acl -> finding(acl.getKey(), acl.getValue(), evidence));
  }

  private static Finding finding(String acl, List<Blocked> all, EvidenceIndex evidence) {
    var percent = 65;
    for (var blocked : all) {
      if (blocked.denial().complete()) {
        percent = Math.max(percent, blocked.whole() ? 90 : 75);
      }
    }
    var reasons = all.stream().map(blocked -> blocked.denial().reason()).distinct().toList();
    var observations = all.stream().map(Blocked::observation).distinct().toList();
    var finding =
        Finding.builder(RootCause.NACL_BLOCKS, "network_acl/" + acl, percent)
            .supportedBy(evidence.inventory(), Resources.NETWORK_ACLS, Resources.SUBNETS);
    reasons.stream().limit(3).forEach(finding::evidence);
    observations.stream().limit(3).forEach(finding::evidence);
    return finding
        .evidenceIf(
            observations.size() > 3, "and %d other paths fail".formatted(observations.size() - 3))
        .affects(
            all.stream().flatMap(blocked -> blocked.scopes().stream()).distinct().sorted().toList())
        .explainsOnly(
            all.stream()
                .filter(blocked -> blocked.denial().complete())
                .flatMap(blocked -> blocked.consequences().stream())
                .collect(toUnmodifiableSet()))
        .excludes("not a security group: those are stateful, and evaluated on their own")
        .fix(
            "in %s, change this rule or allow the traffic by one with a lower number: %s"
                .formatted(acl, reasons.get(0)),
            "network ACLs are stateless: allow responses to the ephemeral ports 1024-65535 in the"
                + " other direction too")
        .build();
  }

  /** Health checks time out from the subnets of the load balancer to those of targets. */
  private static Stream<Blocked> targets(EvidenceIndex evidence) {
    var contradicted =
        evidence.targetGroups().stream()
            .flatMap(
                group -> group.healthy().stream().flatMap(target -> group.denials(target).stream()))
            .map(NaclBlocks::claim)
            .collect(toSet());
    return evidence.targetGroups().stream()
        .flatMap(group -> blockedTargets(group, contradicted).stream())
        .distinct();
  }

  /**
   * What a healthy target contradicts. A rule that denies some packets only, such as one against
   * RDP that the ephemeral ports include, does no harm to others if it does none to one.
   */
  private static String claim(Denial denial) {
    return denial.complete() ? denial.reason() : denial.rule();
  }

  private static List<Blocked> blockedTargets(TargetGroupView group, Set<String> contradicted) {
    var blocked = new ArrayList<Blocked>();
    var silent = group.unhealthy(group::mayBeSilent);
    silent.stream()
        .collect(groupingBy(group::denials, LinkedHashMap::new, toList()))
        .forEach(
            (denials, targets) ->
                denials.stream()
                    .filter(denial -> !contradicted.contains(claim(denial)))
                    .forEach(denial -> blocked.add(of(denial, targets, group))));
    return blocked;
  }

  private static Blocked of(Denial denial, List<TargetHealth> targets, TargetGroupView group) {
    return new Blocked(
        denial,
        List.of("target_group/" + group.group().name()),
        "%s for %s of target group %s"
            .formatted(targets.get(0).reason(), group.share(targets), group.group().name()),
        targets.stream().allMatch(group::isDenied),
        OF_TARGETS);
  }

  /** Targets that see the addresses of clients must be open to these (preserve_client_ip). */
  private static Stream<Blocked> clientsOfNetworkLoadBalancers(EvidenceIndex evidence) {
    return evidence.targetGroups().stream()
        .filter(group -> group.isNetwork() && preservesClientIp(group))
        .filter(group -> group.lbResults().allFailingWith(DROPPED))
        .filter(group -> !group.healthy().isEmpty())
        .flatMap(group -> blockedClients(group, evidence.vpcPaths()));
  }

  /** The default is on for instances (NLB User Guide, "Client IP preservation"). */
  private static boolean preservesClientIp(TargetGroupView group) {
    return group.group().preservesClientIp().orElse(group.group().targetType().equals("instance"));
  }

  private static Stream<Blocked> blockedClients(TargetGroupView group, VpcPaths vpc) {
    var internal = group.loadBalancers().stream().allMatch(lb -> lb.scheme() == Scheme.INTERNAL);
    var clients =
        internal
            ? group.lbResults().nodes().stream().flatMap(node -> vpc.agent(node).stream()).toList()
            : VpcPaths.internet().toList();
    return group.healthy().stream()
        .flatMap(target -> vpc.target(target).stream().map(end -> new Target(target, end)))
        .flatMap(target -> deniedFromAll(clients, target, vpc).stream())
        .limit(1)
        .map(
            denial ->
                new Blocked(
                    denial,
                    List.of("target_group/" + group.group().name()),
                    "clients of target group %s time out, whose targets see client addresses"
                        .formatted(group.group().name()),
                    true,
                    OF_TARGETS));
  }

  private record Target(TargetHealth health, End end) {}

  private static List<Denial> deniedFromAll(List<End> clients, Target target, VpcPaths vpc) {
    return completely(
        clients.stream()
            .map(
                from ->
                    new Connection(
                        from, target.end(), Protocol.TCP, target.health().port(), Client.AWS))
            .toList(),
        vpc);
  }

  /** Agents that do not reach each other. */
  private static Stream<Blocked> betweenAgents(EvidenceIndex evidence) {
    var vpc = evidence.vpcPaths();
    return probes(
        evidence.results(PodKey.class),
        path ->
            vpc.agent(path.node()).stream()
                .flatMap(
                    from ->
                        vpc.agent(path.key().peer()).stream()
                            .map(to -> tcp(from, to, FleetPlan.AGENT_PORT)))
                .toList(),
        path -> List.of("zone/" + path.key().sourceZone(), "zone/" + path.key().targetZone()),
        "agents on %s do not reach agents in other subnets",
        OF_AGENTS,
        vpc);
  }

  /** CoreDNS pods that queries do not reach. */
  private static Stream<Blocked> toDnsServers(EvidenceIndex evidence) {
    var vpc = evidence.vpcPaths();
    return probes(
        evidence.results(DnsKey.class).where(dns -> dns.path().equals("backend")),
        query ->
            vpc.agent(query.node()).stream()
                .flatMap(
                    from ->
                        vpc.address(query.key().server()).stream()
                            .map(
                                to ->
                                    new Connection(
                                        from,
                                        to,
                                        query.key().proto().equals("udp")
                                            ? Protocol.UDP
                                            : Protocol.TCP,
                                        DNS,
                                        Client.AWS)))
                .toList(),
        query -> List.of("node/" + query.node()),
        "queries from %s do not reach CoreDNS",
        OF_DNS,
        vpc);
  }

  /** The VPC endpoint of STS, in each of its subnets. */
  private static Stream<Blocked> toEndpoint(EvidenceIndex evidence) {
    var vpc = evidence.vpcPaths();
    var endpoints =
        evidence.list(Resources.VPC_ENDPOINTS).stream()
            .filter(endpoint -> endpoint.service().equals("sts") && endpoint.available())
            .flatMap(endpoint -> endpoint.placements().stream())
            .toList();
    return probes(
        evidence.results(StsKey.class).onNodes(evidence.sts().resolvesPrivately()::contains),
        sts ->
            vpc.agent(sts.node()).stream()
                .flatMap(from -> endpoints.stream().map(to -> tcp(from, end(to), HTTPS)))
                .toList(),
        sts -> List.of("vpc_endpoint/sts"),
        "connections from %s to the VPC endpoint of STS time out",
        OF_ENDPOINT,
        vpc);
  }

  private static End end(VpcEndpoint.Placement placement) {
    return new End(placement.subnetId(), Cidr.of(placement.cidr()));
  }

  /** Public addresses of STS. */
  private static Stream<Blocked> toInternet(EvidenceIndex evidence) {
    var vpc = evidence.vpcPaths();
    return probes(
        evidence.results(StsKey.class).onNodes(evidence.sts().resolvesPublicly()::contains),
        sts ->
            vpc.egressSubnets(sts.node()).stream()
                .flatMap(subnet -> vpc.subnet(subnet.id()).stream())
                .flatMap(from -> VpcPaths.internet().map(to -> tcp(from, to, HTTPS)))
                .toList(),
        sts -> List.of("node/" + sts.node()),
        "connections from %s to public addresses of STS time out",
        OF_INTERNET,
        vpc);
  }

  private static Connection tcp(End from, End to, int port) {
    return new Connection(from, to, Protocol.TCP, port, Client.AWS);
  }

  /**
   * The probes that get no answer and whose connections an ACL denies, all of them.
   *
   * @param connections by one of which a probe would succeed; empty if that is unknown
   * @param observation with a place for the names of nodes
   */
  private static <S extends SeriesKey> Stream<Blocked> probes(
      ProbeResults<S> all,
      Function<Series<S>, List<Connection>> connections,
      Function<Series<S>, List<String>> scopes,
      String observation,
      Set<RootCause> consequences,
      VpcPaths vpc) {
    var failing = all.failingWith(DROPPED);
    if (failing.isEmpty()) {
      return Stream.empty();
    }
    var contradicted =
        all.healthy().series().stream()
            .flatMap(one -> completely(connections.apply(one), vpc).stream())
            .map(Denial::reason)
            .collect(toSet());
    record Failing<S extends SeriesKey>(Series<S> series, Denial denial) {}
    return failing.series().stream()
        .flatMap(
            one ->
                completely(connections.apply(one), vpc).stream()
                    .filter(denial -> !contradicted.contains(denial.reason()))
                    .map(denial -> new Failing<>(one, denial)))
        .collect(groupingBy(Failing::denial, LinkedHashMap::new, toList()))
        .entrySet()
        .stream()
        .map(
            group -> {
              var series = group.getValue().stream().map(Failing::series).toList();
              var nodes = series.stream().map(Series::node).distinct().sorted().toList();
              return new Blocked(
                  group.getKey(),
                  series.stream().flatMap(one -> scopes.apply(one).stream()).distinct().toList(),
                  observation.formatted(FindingText.list(nodes)),
                  true,
                  consequences);
            });
  }

  /** The denials of connections if each of them is denied completely. */
  private static List<Denial> completely(Collection<Connection> connections, VpcPaths vpc) {
    var denials =
        connections.stream()
            .flatMap(connection -> vpc.denial(connection).stream())
            .filter(Denial::complete)
            .toList();
    return denials.size() == connections.size()
        ? denials.stream().distinct().limit(1).toList()
        : List.of();
  }
}
