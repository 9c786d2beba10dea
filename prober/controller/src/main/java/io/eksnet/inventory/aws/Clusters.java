package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.eks.model.Cluster;

/** The cluster as EKS describes it, with the end of its version's support. */
final class Clusters {
  private final AwsCalls calls;
  private final SupportDates dates;

  private Clusters(AwsCalls calls, Clock clock) {
    this.calls = calls;
    this.dates = new SupportDates(calls, clock);
  }

  static InventorySource<EksCluster> source(AwsCalls calls, Clock clock) {
    var rights = new ArrayList<Permission>();
    rights.add(EksRights.cluster("DescribeCluster"));
    rights.addAll(AwsService.EKS.anywhere("DescribeClusterVersions"));
    return new AwsSource<>(Resources.CLUSTER, rights, calls, new Clusters(calls, clock)::read);
  }

  private Future<EksCluster> read(Inventory known) {
    var name = calls.settings().cluster();
    return calls
        .eks("DescribeCluster", eks -> eks.describeCluster(ask -> ask.name(name)))
        .compose(
            answer -> {
              var cluster = answer.cluster();
              return dates
                  .standardSupportEnd(SdkNulls.text(cluster.version()))
                  .map(end -> of(cluster, end));
            });
  }

  private static EksCluster of(Cluster cluster, Optional<Instant> supportEnd) {
    var vpc = cluster.resourcesVpcConfig();
    var compute = cluster.computeConfig();
    var policy = cluster.upgradePolicy();
    if (vpc == null || SdkNulls.text(vpc.vpcId()).isEmpty()) {
      throw AwsFailure.error(
          "DescribeCluster: " + cluster.name() + " has no VPC; is it a cluster on AWS?");
    }
    return new EksCluster(
        SdkNulls.text(cluster.name()),
        SdkNulls.text(cluster.version()),
        SdkNulls.text(cluster.statusAsString()),
        vpc.vpcId(),
        vpc.subnetIds(),
        SdkNulls.text(vpc.clusterSecurityGroupId()),
        serviceCidr(cluster),
        compute != null && SdkNulls.yes(compute.enabled()),
        policy == null ? "" : SdkNulls.text(policy.supportTypeAsString()),
        supportEnd,
        issues(cluster));
  }

  private static String serviceCidr(Cluster cluster) {
    var network = cluster.kubernetesNetworkConfig();
    if (network == null) {
      return "";
    }
    var ip4 = SdkNulls.text(network.serviceIpv4Cidr());
    return ip4.isEmpty() ? SdkNulls.text(network.serviceIpv6Cidr()) : ip4;
  }

  private static List<Issue> issues(Cluster cluster) {
    var health = cluster.health();
    return health == null
        ? List.of()
        : health.issues().stream()
            .map(
                issue ->
                    new Issue(SdkNulls.text(issue.codeAsString()), SdkNulls.text(issue.message())))
            .toList();
  }
}
