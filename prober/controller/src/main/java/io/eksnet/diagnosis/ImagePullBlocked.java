package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.Cidr;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ImagePullFailure;
import io.eksnet.model.inventory.ImagePullFailure.Reason;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.RouteTable.Route;
import io.eksnet.model.inventory.VpcEndpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * R80: nodes cannot pull images because they do not reach a registry, or where it keeps its layers.
 * One finding for each AWS service or host, from what the kubelet reports, joined with the probes
 * of the endpoint and with routes and VPC endpoints. Pulls that a registry refuses are no matter of
 * the network.
 */
final class ImagePullBlocked implements DiagnosisRule {
  private static final Cidr INTERNET = Cidr.of("0.0.0.0/0");
  private static final String S3 = "s3";

  /** The names of VPC endpoints by the hosts of Amazon ECR and Amazon S3 (ECR, "VPC endpoints"). */
  private static final List<Service> SERVICES =
      List.of(
          new Service("ecr.dkr", "\\d{12}\\.dkr[.-]ecr(?:-fips)?\\..+"),
          new Service(
              "ecr.api", "(?:api\\.ecr|ecr-fips|ecr)\\.[a-z0-9-]+\\.(?:amazonaws|api)\\..+"),
          new Service(S3, "(?:.+\\.)?s3[.-].*amazonaws\\.com(?:\\.cn)?"));

  /** The kubelet repeats a pull that fails after 10 seconds, 20 seconds and so on. */
  private static final Duration RETRIES = Duration.ofMinutes(2);

  private record Service(String name, Pattern host) {
    Service(String name, String host) {
      this(name, Pattern.compile(host));
    }
  }

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.list(Resources.IMAGE_PULL_FAILURES).stream()
        .collect(groupingBy(failure -> source(failure.host()), TreeMap::new, toList()))
        .entrySet()
        .stream()
        .map(source -> finding(source.getKey(), source.getValue(), evidence));
  }

  /**
   * Lets a fault of AWS services explain only the pulls of images that come from them.
   *
   * @param services as VPC endpoints name them
   */
  static Finding.Builder explainPulls(
      Finding.Builder fault, Collection<String> services, EvidenceIndex evidence) {
    var pulls =
        evidence.list(Resources.IMAGE_PULL_FAILURES).stream()
            .map(failure -> source(failure.host()))
            .filter(services::contains)
            .distinct()
            .map(ImagePullBlocked::scope)
            .toList();
    return pulls.isEmpty()
        ? fault.explainsOnly(EnumSet.complementOf(EnumSet.of(RootCause.IMAGE_PULL_BLOCKED)))
        : fault.affects(pulls);
  }

  private static String scope(String source) {
    return "registry/" + source;
  }

  /** The AWS service that a host belongs to, or the host. */
  private static String source(String host) {
    return SERVICES.stream()
        .filter(service -> service.host().matcher(host).matches())
        .map(Service::name)
        .findFirst()
        .orElse(host);
  }

  private static boolean isAws(String source) {
    return SERVICES.stream().anyMatch(service -> service.name().equals(source));
  }

  private static Finding finding(
      String source, List<ImagePullFailure> failures, EvidenceIndex evidence) {
    var nodes =
        failures.stream()
            .flatMap(failure -> failure.nodes().stream())
            .collect(toCollection(TreeSet::new));
    var first = failures.get(0);
    var unrouted =
        first.reason() == Reason.NO_RESPONSE ? unrouted(source, nodes, evidence) : Set.<String>of();
    var responding =
        evidence.endpoints().stream()
            .filter(endpoint -> endpoint.service().equals(source))
            .flatMap(endpoint -> endpoint.all().healthy().nodes().stream())
            .filter(nodes::contains)
            .toList();
    var notReady = NodeCniNotReady.names(evidence);
    var finding =
        Finding.builder(
                RootCause.IMAGE_PULL_BLOCKED, scope(source), percent(source, first, unrouted))
            .supportedBy(evidence.inventory(), Resources.IMAGE_PULL_FAILURES)
            .supportedIf(!responding.containsAll(nodes));
    failures.forEach(
        failure ->
            finding
                .evidence(
                    "%d pods on %s wait for images from %s: %s"
                        .formatted(
                            failure.pods(),
                            FindingText.list(failure.nodes()),
                            failure.host(),
                            text(failure.reason())))
                .evidence("\"%s\"".formatted(failure.message())));
    finding
        .evidenceIf(
            !unrouted.isEmpty(),
            "%s: no route to %s, and none to 0.0.0.0/0"
                .formatted(FindingText.list(unrouted), isAws(source) ? source : first.host()))
        .evidenceIf(
            !responding.isEmpty(),
            "%s responds to the agents on %s".formatted(source, FindingText.list(responding)))
        .excludes("not the image, its credentials or a limit of the registry: it did not respond")
        .explainsOnly(
            !notReady.isEmpty() && nodes.containsAll(notReady)
                ? Set.of(RootCause.NODE_CNI_NOT_READY)
                : Set.of())
        .holdFor(RETRIES);
    fix(finding, source, first, unrouted, evidence);
    return finding
        .fix("kubectl get events -A --field-selector reason=Failed: the errors of all images")
        .build();
  }

  /** A name that does not exist may be an error in the reference to the image. */
  private static int percent(String source, ImagePullFailure failure, Set<String> unrouted) {
    if (isMisspelled(source, failure)) {
      return 60;
    }
    return unrouted.isEmpty() ? 85 : 95;
  }

  private static boolean isMisspelled(String source, ImagePullFailure failure) {
    return failure.reason() == Reason.UNRESOLVED
        && failure.message().contains("no such host")
        && !isAws(source);
  }

  private static String text(Reason reason) {
    return switch (reason) {
      case NO_RESPONSE -> "no response or no route";
      case REFUSED -> "connections are refused";
      case UNRESOLVED -> "the name does not resolve";
      case UNTRUSTED -> "the certificate is not trusted";
    };
  }

  private static void fix(
      Finding.Builder finding,
      String source,
      ImagePullFailure failure,
      Set<String> unrouted,
      EvidenceIndex evidence) {
    if (failure.message().contains("proxyconnect")) {
      finding.fix(
          "check that the proxy of the container runtime runs and allows %s; or list the host in"
                  .formatted(failure.host())
              + " NO_PROXY");
      return;
    }
    if (isMisspelled(source, failure)) {
      finding.fix("check the name of the registry in the reference to the image");
    }
    switch (failure.reason()) {
      case UNRESOLVED ->
          finding.fix(
              "check the DNS of the nodes: they resolve %s through the VPC resolver, not through"
                      .formatted(failure.host())
                  + " CoreDNS",
              "check whether a Route 53 Resolver rule or a private hosted zone overrides the name");
      case UNTRUSTED ->
          finding.fix(
              "check which proxy or firewall intercepts TLS to %s: let it pass this host, or add its"
                      .formatted(failure.host())
                  + " authority to those that the nodes trust");
      case REFUSED ->
          finding.fix("check that the registry or the proxy at %s runs".formatted(failure.host()));
      case NO_RESPONSE -> fixPath(finding, source, failure, unrouted, evidence);
    }
  }

  private static void fixPath(
      Finding.Builder finding,
      String source,
      ImagePullFailure failure,
      Set<String> unrouted,
      EvidenceIndex evidence) {
    var tables =
        unrouted.isEmpty() ? "the route tables of these nodes" : String.join(", ", unrouted);
    if (!isAws(source)) {
      finding.fix(
          "check that a NAT gateway and firewalls let these nodes reach %s"
              .formatted(failure.host()),
          "in a cluster without a route to the Internet, mirror the images to Amazon ECR");
      return;
    }
    var endpoints =
        evidence.list(Resources.VPC_ENDPOINTS).stream()
            .filter(endpoint -> endpoint.service().equals(source))
            .toList();
    if (endpoints.isEmpty()) {
      finding.fix(
          source.equals(S3)
              ? "add a gateway endpoint for s3 to %s: ECR keeps the layers of images there"
                  .formatted(tables)
              : "add a VPC endpoint for %s with private DNS".formatted(source),
          "or in %s, add a route to 0.0.0.0/0 through a NAT gateway".formatted(tables));
      return;
    }
    var ids = endpoints.stream().map(VpcEndpoint::id).collect(joining(", "));
    if (source.equals(S3)) {
      finding.fix(
          "check that %s is associated with %s: a gateway endpoint is a route of each table"
              .formatted(ids, tables));
    } else {
      finding.fix("in the security group of %s, allow port 443 from the nodes".formatted(ids));
    }
    finding.fix("check the policy and the network ACLs of the subnets of " + ids);
  }

  /**
   * The route tables of the nodes if none of them has a route to the service; none if that is not
   * known, or if interface endpoints make routes needless.
   */
  private static Set<String> unrouted(
      String source, Collection<String> nodes, EvidenceIndex evidence) {
    var hasInterface =
        evidence.inventory().isUnknown(Resources.VPC_ENDPOINTS)
            || evidence.list(Resources.VPC_ENDPOINTS).stream()
                .filter(endpoint -> endpoint.service().equals(source))
                .anyMatch(endpoint -> !source.equals(S3) || !endpoint.placements().isEmpty());
    var tables =
        nodes.stream()
            .flatMap(node -> evidence.vpcPaths().egressSubnets(node).stream())
            .flatMap(subnet -> evidence.vpcPaths().routeTable(subnet.id()).stream())
            .distinct()
            .toList();
    Predicate<RouteTable> hasRoute = table -> hasRoute(table, source);
    return hasInterface || tables.stream().anyMatch(hasRoute)
        ? Set.of()
        : tables.stream().map(RouteTable::id).collect(toCollection(TreeSet::new));
  }

  private static boolean hasRoute(RouteTable table, String source) {
    return table.routeTo(INTERNET).filter(Route::active).isPresent()
        || table.mayRouteByPrefixList()
        || (source.equals(S3)
            && table.routes().stream().anyMatch(ImagePullBlocked::isGatewayEndpoint));
  }

  /** The route of a gateway endpoint is one to a prefix list. */
  private static boolean isGatewayEndpoint(Route route) {
    return route.active()
        && route.destination().startsWith("pl-")
        && route.target().startsWith("vpce-");
  }
}
