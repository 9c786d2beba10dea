package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.eksnet.model.Cidr;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.VpcDns;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * R16, R17, R18, R66: the endpoint of an AWS service resolves to the wrong addresses, or does not
 * accept connections.
 *
 * <p>Other nodes that reach it at the same time exclude what all nodes share: the security group of
 * the endpoint, and the NAT gateway of their zone. Services that fail on the same nodes at private
 * addresses are one fault.
 */
final class EndpointUnreachable implements DiagnosisRule {
  private static final String S3 = "s3";

  /** The components that use a service: without one, its failure does not matter. */
  private static final Map<String, Set<String>> USERS =
      Map.of(
          "ec2", Set.of("aws-node", "karpenter", "aws-load-balancer-controller"),
          "elasticloadbalancing", Set.of("aws-load-balancer-controller"),
          "route53", Set.of("external-dns"));

  /** The nodes that do not reach an endpoint, of all that resolve it in the same way. */
  private record Failure(EndpointResults endpoint, ProbeResults<?> failing, ProbeResults<?> all) {
    static Stream<Failure> of(
        EndpointResults endpoint,
        ProbeResults<?> unreachable,
        Set<String> nodes,
        EvidenceIndex evidence) {
      var failing = evidence.withoutIsolated(unreachable).onNodes(nodes::contains);
      return failing.isEmpty()
          ? Stream.empty()
          : Stream.of(new Failure(endpoint, failing, endpoint.all().onNodes(nodes::contains)));
    }

    String service() {
      return endpoint.service();
    }

    Failure onNodes(Set<String> nodes) {
      return new Failure(endpoint, failing.onNodes(nodes::contains), all);
    }

    /** The cluster, a zone or a node. */
    String extent() {
      return FindingText.scope(failing, all);
    }

    boolean isEverywhere() {
      return extent().equals(FindingText.CLUSTER);
    }

    Set<String> reached() {
      return all.healthy().nodes();
    }
  }

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.of(
            privateDnsBroken(evidence),
            privateAddresses(evidence),
            singleAddresses(evidence),
            publicAddresses(evidence))
        .flatMap(findings -> findings);
  }

  /** The nodes that do not reach the private addresses of the VPC endpoint of STS. */
  static ProbeResults<StsKey> ofEndpoint(EvidenceIndex evidence) {
    return unreachableSts(evidence).onNodes(evidence.sts().resolvesPrivately()::contains);
  }

  /**
   * The nodes that do not reach public addresses of STS. Without a way to STS a cluster may be
   * healthy: with Pod Identity only, behind a proxy, or with an endpoint for another service. It
   * counts where something needs STS or reached it.
   */
  static ProbeResults<StsKey> withoutEgress(EvidenceIndex evidence) {
    return evidence.sts().isReachedBySome() || stsIsNeeded(evidence)
        ? unreachableSts(evidence).onNodes(evidence.sts().resolvesPublicly()::contains)
        : ProbeResults.none();
  }

  private static ProbeResults<StsKey> unreachableSts(EvidenceIndex evidence) {
    return evidence.withoutIsolated(EndpointResults.noResponse(evidence.results(StsKey.class)));
  }

  private static Stream<Finding> privateAddresses(EvidenceIndex evidence) {
    return evidence.endpoints().stream()
        .filter(endpoint -> !endpoint.service().equals(EndpointKey.API_SERVER))
        .flatMap(
            endpoint ->
                Failure.of(
                    endpoint, endpoint.unreachable(), endpoint.resolvesPrivately(), evidence))
        .collect(groupingBy(Failure::extent, TreeMap::new, toList()))
        .values()
        .stream()
        .map(failures -> vpcEndpoint(failures, evidence));
  }

  private static Finding vpcEndpoint(List<Failure> failures, EvidenceIndex evidence) {
    var first = failures.get(0);
    var extent = first.extent();
    var finding =
        unreachable(
            RootCause.ENDPOINT_UNREACHABLE,
            first.isEverywhere() ? vpcEndpoint(first.service()) : extent,
            first.isEverywhere() ? 85 : 70,
            failures,
            "private",
            evidence);
    if (first.isEverywhere()) {
      finding
          .affects(
              failures.stream().skip(1).map(failure -> vpcEndpoint(failure.service())).toList())
          .fix(
              "in the security group of the endpoint, allow port 443 from the security groups of"
                  + " nodes and pods",
              "check that the endpoint has a subnet in each zone");
    } else if (extent.startsWith("zone/")) {
      finding.fix(
          "check that the endpoint has a subnet in this zone, and that it is available",
          "check the network ACLs of the subnets of this zone and of the endpoint");
    } else {
      finding.fix(nodeSteps(first, "in the security group of the endpoint"));
    }
    return finding.build();
  }

  /**
   * One of several addresses of an endpoint that does not respond to some nodes.
   *
   * @param failure with the nodes that do not reach the address
   * @param zone of its subnet
   */
  private record SingleAddress(Failure failure, String address, Optional<String> zone) {
    boolean isOfApiServer() {
      return failure.service().equals(EndpointKey.API_SERVER);
    }

    /**
     * The node or zone at fault, if other nodes reach the address; else the address. It is named by
     * its zone, if that is known.
     */
    String scope() {
      var isOfNodes = !failure.reached().isEmpty() && !failure.isEverywhere();
      if (isOfApiServer()) {
        return AwsApiUnreachable.scope(failure.service())
            + "/"
            + (isOfNodes ? name(failure.extent()) : zone.orElse(address));
      }
      return isOfNodes
          ? failure.extent()
          : vpcEndpoint(failure.service()) + "/" + zone.orElse(address);
    }

    String text() {
      return address + zone.map(in -> " in " + in).orElse("");
    }
  }

  /**
   * A VPC endpoint has an address in each of its subnets, and the API server has one in two of
   * them: one of them may fail alone.
   */
  private static Stream<Finding> singleAddresses(EvidenceIndex evidence) {
    return evidence.endpoints().stream()
        .flatMap(
            endpoint ->
                Failure.of(
                    endpoint,
                    endpoint.partlyUnreachable(),
                    endpoint.service().equals(EndpointKey.API_SERVER)
                        ? resolving(endpoint)
                        : endpoint.resolvesPrivately(),
                    evidence))
        .flatMap(failure -> singleAddresses(failure, evidence))
        .collect(groupingBy(SingleAddress::scope, TreeMap::new, toList()))
        .entrySet()
        .stream()
        .map(scope -> singleAddresses(scope.getKey(), scope.getValue(), evidence));
  }

  private static Stream<SingleAddress> singleAddresses(Failure failure, EvidenceIndex evidence) {
    var nodes = failure.failing().nodes();
    var byAddress = new TreeMap<String, Set<String>>();
    for (var agent : evidence.agents()) {
      if (nodes.contains(agent.node())) {
        agent
            .host()
            .failingAddresses()
            .getOrDefault(failure.service(), List.of())
            .forEach(
                address ->
                    byAddress.computeIfAbsent(address, a -> new TreeSet<>()).add(agent.node()));
      }
    }
    return byAddress.entrySet().stream()
        .map(
            entry ->
                new SingleAddress(
                    failure.onNodes(entry.getValue()),
                    entry.getKey(),
                    evidence.list(Resources.SUBNETS).stream()
                        .filter(subnet -> contains(subnet.cidr(), entry.getKey()))
                        .map(Subnet::zone)
                        .findFirst()));
  }

  private static Finding singleAddresses(
      String scope, List<SingleAddress> addresses, EvidenceIndex evidence) {
    var first = addresses.get(0);
    var failure = first.failure();
    var name = failure.endpoint().name();
    var isReached = !failure.reached().isEmpty();
    var finding =
        Finding.builder(
            first.isOfApiServer() ? RootCause.AWS_API_UNREACHABLE : RootCause.ENDPOINT_UNREACHABLE,
            scope,
            isReached ? 70 : 80);
    ImagePullBlocked.explainPulls(
        finding, addresses.stream().map(one -> one.failure().service()).toList(), evidence);
    addresses.forEach(
        one ->
            finding.evidence(
                "connections to %s of %s fail on %s: no response or no route"
                    .formatted(
                        one.text(),
                        one.failure().endpoint().name(),
                        FindingText.namedShare(
                            one.failure().failing().nodes(), one.failure().all().nodes()))));
    finding
        .excludes("not the whole endpoint: its other addresses respond to the same nodes")
        .excludes("not IAM: no request reached this address of " + name)
        .excludesIf(isReached, "not the address itself: it responds to other nodes");
    if (isReached && failure.extent().startsWith("node/")) {
      return finding.fix(nodeSteps(failure, "to " + first.address())).build();
    }
    if (isReached) {
      return finding
          .fix(
              "check the network ACLs of the subnets of these nodes, and of the subnet that has "
                  + first.address())
          .build();
    }
    finding.fix("check the network ACL of the subnet that has " + first.address());
    return first.isOfApiServer()
        ? finding
            .fix(
                "in the security group of the cluster, allow port 443 from the security groups of"
                    + " nodes and pods",
                "ask AWS Support if they permit the traffic: EKS manages the addresses of the API"
                    + " server")
            .build()
        : finding
            .fix(
                "check that the network interface of the endpoint with this address exists; remove"
                    + " the subnet from the endpoint and add it again if it does not")
            .build();
  }

  /** The nodes on which the name of the endpoint resolves. */
  private static Set<String> resolving(EndpointResults endpoint) {
    var nodes = new TreeSet<>(endpoint.resolvesPublicly());
    nodes.addAll(endpoint.resolvesPrivately());
    return nodes;
  }

  private static boolean contains(String cidr, String address) {
    return Cidr.parse(cidr)
        .flatMap(block -> Cidr.parse(address).filter(block::contains))
        .isPresent();
  }

  private static Stream<Finding> publicAddresses(EvidenceIndex evidence) {
    var failures =
        evidence.endpoints().stream()
            .flatMap(endpoint -> publicFailures(endpoint, evidence))
            .toList();
    var withoutEgress =
        failures.stream()
            .filter(failure -> !hasOwnRoute(failure.service(), evidence))
            .filter(failure -> !hasEgress(failure, evidence))
            .filter(failure -> isExpectedToReachInternet(failure, evidence))
            .collect(groupingBy(Failure::extent, TreeMap::new, toList()));
    var single =
        failures.stream()
            .filter(
                failure ->
                    withoutEgress.values().stream().noneMatch(group -> group.contains(failure)))
            .filter(failure -> isRequired(failure, evidence))
            .map(failure -> awsApi(failure, evidence));
    return Stream.concat(
        withoutEgress.values().stream().map(group -> noEgress(group, evidence)), single);
  }

  /** The API server of a private cluster has private addresses, which no VPC endpoint has. */
  private static Stream<Failure> publicFailures(EndpointResults endpoint, EvidenceIndex evidence) {
    return Failure.of(
        endpoint,
        endpoint.unreachable(),
        endpoint.service().equals(EndpointKey.API_SERVER)
            ? resolving(endpoint)
            : endpoint.resolvesPublicly(),
        evidence);
  }

  /** Whether the nodes reach another AWS service through the same gateway at the same time. */
  private static boolean hasEgress(Failure failure, EvidenceIndex evidence) {
    return evidence.endpoints().stream()
        .filter(other -> !other.service().equals(failure.service()))
        .filter(other -> !hasOwnRoute(other.service(), evidence))
        .map(
            other ->
                other
                    .all()
                    .healthy()
                    .onNodes(failure.failing().nodes()::contains)
                    .onNodes(other.resolvesPublicly()::contains))
        .anyMatch(reached -> !reached.isEmpty());
  }

  /** Whether its traffic takes another route than that to the Internet, or may do so. */
  private static boolean hasOwnRoute(String service, EvidenceIndex evidence) {
    return service.equals(EndpointKey.API_SERVER)
        || (service.equals(S3)
            && (hasVpcEndpoint(service, evidence)
                || evidence.inventory().isUnknown(Resources.VPC_ENDPOINTS)));
  }

  private static boolean hasVpcEndpoint(String service, EvidenceIndex evidence) {
    return evidence.list(Resources.VPC_ENDPOINTS).stream()
        .anyMatch(endpoint -> endpoint.service().equals(service) && endpoint.available());
  }

  /**
   * A cluster without a way to the Internet may be healthy: with VPC endpoints for what it uses, or
   * behind a proxy. It is a fault where nodes reached the Internet, or something needs STS.
   */
  private static boolean isExpectedToReachInternet(Failure failure, EvidenceIndex evidence) {
    return failure.endpoint().isReachedBySome()
        || (failure.service().equals(EndpointResults.STS) && stsIsNeeded(evidence));
  }

  /** Pods with IAM roles for service accounts call STS; those with Pod Identity do not. */
  private static boolean stsIsNeeded(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .anyMatch(component -> component.credentials().contains(CredentialSource.IRSA));
  }

  /**
   * Whether the cluster needs the service at this path. A service that no agent has reached may be
   * behind a proxy: then a component must fail for lack of it.
   */
  private static boolean isRequired(Failure failure, EvidenceIndex evidence) {
    if (failure.service().equals(EndpointResults.STS)) {
      return isExpectedToReachInternet(failure, evidence);
    }
    var users = USERS.getOrDefault(failure.service(), Set.of());
    return failure.endpoint().isReachedBySome()
        || hasEgress(failure, evidence)
        || !failure.endpoint().resolvesPrivately().isEmpty()
        || hasVpcEndpoint(failure.service(), evidence)
        || evidence.list(Resources.COMPONENTS).stream()
            .filter(Component::isUnhealthy)
            .anyMatch(component -> users.contains(component.name()));
  }

  private static Finding noEgress(List<Failure> failures, EvidenceIndex evidence) {
    var first = failures.get(0);
    var extent = first.extent();
    var finding =
        unreachable(
            RootCause.NO_EGRESS,
            extent,
            extent.startsWith("node/") ? 65 : 80,
            failures,
            "public",
            evidence);
    if (extent.startsWith("node/")) {
      finding.fix(nodeSteps(first, "for egress to the Internet"));
    } else {
      finding.fix(
          "check that the route table of the subnets has a route to a working NAT gateway",
          "or add a VPC endpoint for %s with private DNS".formatted(names(failures)));
    }
    return finding.build();
  }

  private static Finding awsApi(Failure failure, EvidenceIndex evidence) {
    var service = failure.service();
    var finding =
        unreachable(
            RootCause.AWS_API_UNREACHABLE,
            AwsApiUnreachable.scope(service)
                + (failure.isEverywhere() ? "" : "/" + name(failure.extent())),
            failure.extent().startsWith("node/") ? 70 : 85,
            List.of(failure),
            failure.endpoint().resolvesPublicly().isEmpty() ? "private" : "public",
            evidence);
    if (service.equals(EndpointKey.API_SERVER)) {
      return finding
          .fix(
              "in the security group of the cluster, allow port 443 from the security groups of"
                  + " nodes and pods",
              "if the endpoint is public, check that publicAccessCidrs has the addresses of the NAT"
                  + " gateways")
          .build();
    }
    AwsApiUnreachable.addEndpoint(finding, service, evidence);
    return finding
        .fix(
            "check that the route table of the subnets has a route to a working NAT gateway, and"
                + " that no firewall between blocks this service")
        .build();
  }

  private static String name(String extent) {
    return extent.substring(extent.indexOf('/') + 1);
  }

  private static String vpcEndpoint(String service) {
    return "vpc_endpoint/" + service;
  }

  private static String names(Collection<Failure> failures) {
    return failures.stream().map(failure -> failure.endpoint().name()).collect(joining(", "));
  }

  private static String[] nodeSteps(Failure failure, String where) {
    var node = failure.failing().nodes().iterator().next();
    return new String[] {
      "compare the security groups and the subnet of %s with those of a node that reaches %s: port"
              .formatted(node, failure.endpoint().name())
          + " 443 "
          + where,
      "check the conntrack table of the node and conntrack_allowance_exceeded of its interfaces",
      "drain and replace the node if nothing differs"
    };
  }

  private static Finding.Builder unreachable(
      RootCause cause,
      String scope,
      int percent,
      List<Failure> failures,
      String addresses,
      EvidenceIndex evidence) {
    var finding = Finding.builder(cause, scope, percent);
    if (cause != RootCause.NO_EGRESS) {
      ImagePullBlocked.explainPulls(
          finding, failures.stream().map(Failure::service).toList(), evidence);
    }
    for (var failure : failures) {
      var reached = failure.reached();
      finding
          .evidence(
              "connections to %s time out on %s, its name resolves to %s addresses"
                  .formatted(
                      failure.endpoint().name(),
                      FindingText.namedShare(failure.failing().nodes(), failure.all().nodes()),
                      addresses))
          .evidenceIf(
              !reached.isEmpty(),
              "%s answers on %s".formatted(failure.endpoint().name(), FindingText.list(reached)));
    }
    var nodes =
        failures.stream()
            .flatMap(failure -> failure.failing().nodes().stream())
            .collect(toCollection(TreeSet::new));
    var drops = conntrackDrops(nodes, evidence);
    var others = reachedElsewhere(failures, nodes, evidence);
    return finding
        .evidenceIf(
            !drops.isEmpty(),
            "conntrack_allowance_exceeded increased in the last 10 minutes on "
                + FindingText.list(drops))
        .excludes("not DNS: the name resolves")
        .excludes("not IAM: no request reached " + names(failures))
        .excludesIf(
            failures.stream().anyMatch(failure -> !failure.reached().isEmpty()),
            "not what all nodes share: other nodes reach the same addresses")
        .excludesIf(
            !others.isEmpty(), "not these nodes as such: they reach " + FindingText.list(others));
  }

  /** Services that all of these nodes reach. */
  private static Set<String> reachedElsewhere(
      List<Failure> failures, Set<String> nodes, EvidenceIndex evidence) {
    var failing = failures.stream().map(Failure::service).collect(toUnmodifiableSet());
    return evidence.endpoints().stream()
        .filter(endpoint -> !failing.contains(endpoint.service()))
        .filter(endpoint -> endpoint.all().healthy().nodes().containsAll(nodes))
        .map(EndpointResults::name)
        .collect(toCollection(TreeSet::new));
  }

  private static Set<String> conntrackDrops(Set<String> nodes, EvidenceIndex evidence) {
    return evidence.agents().stream()
        .filter(agent -> nodes.contains(agent.node()))
        .filter(agent -> agent.host().allowances().getOrDefault("conntrack", 0L) > 0)
        .map(AgentReport::node)
        .collect(toCollection(TreeSet::new));
  }

  /** One finding: what breaks the private DNS of one endpoint mostly breaks that of all. */
  private static Stream<Finding> privateDnsBroken(EvidenceIndex evidence) {
    var broken =
        evidence.endpoints().stream()
            .filter(endpoint -> !endpoint.service().equals(S3))
            .filter(endpoint -> !endpoint.resolvesPublicly().isEmpty())
            .filter(endpoint -> privateDns(endpoint, evidence).findAny().isPresent())
            .toList();
    return broken.isEmpty() ? Stream.empty() : Stream.of(privateDnsBroken(broken, evidence));
  }

  private static Stream<VpcEndpoint> privateDns(EndpointResults of, EvidenceIndex evidence) {
    return evidence.list(Resources.VPC_ENDPOINTS).stream()
        .filter(endpoint -> endpoint.service().equals(of.service()))
        .filter(endpoint -> endpoint.available() && endpoint.privateDns());
  }

  private static Finding privateDnsBroken(List<EndpointResults> broken, EvidenceIndex evidence) {
    var finding =
        Finding.builder(
            RootCause.ENDPOINT_PRIVATE_DNS_BROKEN,
            vpcEndpoint(broken.get(0).service()),
            evidence.inventory().get(Resources.VPC_DNS).map(VpcDns::off).orElse(List.of()).isEmpty()
                ? 80
                : 95);
    for (var endpoint : broken) {
      finding
          .evidence(
              "%s is available and has private DNS"
                  .formatted(privateDns(endpoint, evidence).findFirst().orElseThrow().id()))
          .evidence(
              "the name of %s resolves to public addresses on %s"
                  .formatted(
                      endpoint.name(),
                      FindingText.namedShare(endpoint.resolvesPublicly(), endpoint.all().nodes())));
    }
    var dns = evidence.inventory().get(Resources.VPC_DNS);
    var off = dns.map(VpcDns::off).orElse(List.of());
    finding
        .affects(broken.stream().skip(1).map(one -> vpcEndpoint(one.service())).toList())
        .supportedBy(evidence.inventory(), Resources.VPC_ENDPOINTS)
        .evidenceIf(!off.isEmpty(), "off in the VPC: " + String.join(", ", off))
        .excludes("not the endpoint itself: it is available");
    if (!off.isEmpty()) {
      return finding.fix("switch on in the VPC: " + String.join(", ", off)).build();
    }
    if (dns.isPresent()) {
      finding.excludes(
          "not the attributes of the VPC: enableDnsSupport and enableDnsHostnames are on");
    } else {
      finding.fix("check that enableDnsHostnames and enableDnsSupport of the VPC are on");
    }
    return finding
        .fix(
            "check whether a Route 53 Resolver rule or a private hosted zone overrides the name",
            "check that the endpoint is in this VPC; ignore this finding if you run your own DNS"
                + " servers")
        .build();
  }
}
