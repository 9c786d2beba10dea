package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.AwsSource.need;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesResponse;
import software.amazon.awssdk.services.ec2.model.RouteTable;

/** Which subnets a load balancer may use; routes are read only where they decide. */
final class LbSubnets {
  private static final int PAGE = 100;

  private final AwsCalls calls;
  private final VpcSubnets vpc;

  private LbSubnets(AwsCalls calls, VpcSubnets vpc) {
    this.calls = calls;
    this.vpc = vpc;
  }

  static InventorySource<List<Eligibility>> source(AwsCalls calls, VpcSubnets vpc) {
    return new AwsSource<>(
        Resources.LB_SUBNETS,
        AwsService.EC2.anywhere("DescribeSubnets", "DescribeRouteTables"),
        calls,
        new LbSubnets(calls, vpc)::read);
  }

  private Future<List<Eligibility>> read(Inventory known) {
    var cluster = need(known, Resources.CLUSTER);
    return vpc.recent(cluster.vpcId())
        .compose(
            subnets ->
                routed(cluster, subnets)
                    .map(
                        routed ->
                            eligible(new LbDiscovery(cluster.name(), false, routed), subnets)));
  }

  private static List<Eligibility> eligible(LbDiscovery discovery, List<Subnet> subnets) {
    return Arrays.stream(Scheme.values())
        .flatMap(scheme -> discovery.of(subnets, scheme).stream())
        .toList();
  }

  private Future<Set<String>> routed(EksCluster cluster, List<Subnet> subnets) {
    return Arrays.stream(Scheme.values()).anyMatch(scheme -> LbDiscovery.byRoutes(subnets, scheme))
        ? tables(cluster.vpcId())
            .map(tables -> PublicRoutes.of(tables, subnets.stream().map(Subnet::id).toList()))
        : Future.succeededFuture(Set.of());
  }

  private Future<List<RouteTable>> tables(String vpcId) {
    return Paginator.pages(
        "DescribeRouteTables",
        token ->
            calls.ec2(
                "DescribeRouteTables",
                ec2 ->
                    ec2.describeRouteTables(
                        ask ->
                            ask.filters(SdkNulls.filter("vpc-id", vpcId))
                                .maxResults(PAGE)
                                .nextToken(token))),
        DescribeRouteTablesResponse::nextToken,
        DescribeRouteTablesResponse::routeTables);
  }
}
