package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.isTrue;
import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.eks.model.Cluster;

/** The EKS cluster, with the end of standard support for its version. */
final class Clusters extends AwsSource<EksCluster> {
  private static final Duration SUPPORT_DATE_TTL = Duration.ofHours(1);

  private final Cache<String, Optional<Instant>> supportEnds;

  Clusters(AwsClients aws) {
    super(aws, Resources.CLUSTER, permissionsNeeded());
    supportEnds = new Cache<>(SUPPORT_DATE_TTL, aws.clock());
  }

  private static List<Permission> permissionsNeeded() {
    return Stream.concat(
            Stream.of(AwsService.EKS.on("cluster/CLUSTER", "DescribeCluster")),
            AwsService.EKS.anywhere("DescribeClusterVersions").stream())
        .toList();
  }

  @Override
  Future<EksCluster> load(Inventory inventory) {
    var name = aws.settings().cluster();
    return AwsClients.future(aws.eks().describeCluster(request -> request.name(name)))
        .compose(
            response -> {
              var cluster = response.cluster();
              return supportEnd(orEmpty(cluster.version())).map(end -> of(cluster, end));
            });
  }

  /** Unknown rather than a failure, with the last known value in between. */
  private Future<Optional<Instant>> supportEnd(String version) {
    return supportEnds
        .getIfFresh(version)
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                readSupportEnd(version)
                    .onSuccess(end -> supportEnds.put(version, end))
                    .otherwise(failure -> supportEnds.get(version).flatMap(end -> end)));
  }

  private Future<Optional<Instant>> readSupportEnd(String version) {
    return AwsClients.future(
            aws.eks().describeClusterVersions(request -> request.clusterVersions(version)))
        .map(
            response ->
                response.clusterVersions().stream()
                    .filter(known -> version.equals(known.clusterVersion()))
                    .flatMap(known -> Stream.ofNullable(known.endOfStandardSupportDate()))
                    .findFirst());
  }

  private EksCluster of(Cluster cluster, Optional<Instant> supportEnd) {
    var vpc = cluster.resourcesVpcConfig();
    var compute = cluster.computeConfig();
    var upgradePolicy = cluster.upgradePolicy();
    if (vpc == null || orEmpty(vpc.vpcId()).isEmpty()) {
      throw AwsException.error(
          "DescribeCluster: " + cluster.name() + " has no VPC; is it a cluster on AWS?");
    }
    return new EksCluster(
        orEmpty(cluster.name()),
        Optional.of(aws.settings().region()),
        apiServer(cluster),
        orEmpty(cluster.version()),
        vpc.vpcId(),
        vpc.subnetIds(),
        compute != null && isTrue(compute.enabled()),
        upgradePolicy == null ? "" : orEmpty(upgradePolicy.supportTypeAsString()),
        supportEnd,
        issues(cluster));
  }

  /** The host of {@code https://0A1B2C.gr7.eu-west-1.eks.amazonaws.com}. */
  private static Optional<String> apiServer(Cluster cluster) {
    try {
      return Optional.ofNullable(URI.create(orEmpty(cluster.endpoint())).getHost());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<Issue> issues(Cluster cluster) {
    return cluster.health() == null
        ? List.of()
        : cluster.health().issues().stream()
            .map(
                issue ->
                    new Issue(orEmpty(issue.codeAsString()), Optional.ofNullable(issue.message())))
            .toList();
  }
}
