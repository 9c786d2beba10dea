package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesResponse;
import software.amazon.awssdk.services.ec2.model.RouteTable;

/** The subnets that a load balancer may use. Route tables are read only where they decide. */
final class LbSubnets extends AwsSource<List<Eligibility>> {
  private static final int PAGE_SIZE = 100;

  private final VpcSubnets vpcSubnets;

  LbSubnets(AwsClients aws, VpcSubnets vpcSubnets) {
    super(
        aws,
        Resources.LB_SUBNETS,
        AwsService.EC2.anywhere("DescribeSubnets", "DescribeRouteTables"));
    this.vpcSubnets = vpcSubnets;
  }

  @Override
  Future<List<Eligibility>> load(Inventory inventory) {
    var cluster = require(inventory, Resources.CLUSTER);
    return vpcSubnets
        .recent(cluster.vpcId())
        .compose(
            subnets ->
                publicSubnets(cluster, subnets)
                    .map(open -> eligible(new LbDiscovery(cluster.name(), open), subnets)));
  }

  private static List<Eligibility> eligible(LbDiscovery discovery, List<Subnet> subnets) {
    return Arrays.stream(Scheme.values())
        .flatMap(scheme -> discovery.of(subnets, scheme).stream())
        .toList();
  }

  private Future<Set<String>> publicSubnets(EksCluster cluster, List<Subnet> subnets) {
    if (Arrays.stream(Scheme.values())
        .noneMatch(scheme -> LbDiscovery.usesRoutes(subnets, scheme))) {
      return Future.succeededFuture(Set.of());
    }
    var vpc = SdkValues.filter("vpc-id", cluster.vpcId());
    return AwsClients.list(
            aws.ec2()
                .describeRouteTablesPaginator(
                    request -> request.filters(vpc).maxResults(PAGE_SIZE)),
            DescribeRouteTablesResponse::routeTables)
        .map(tables -> publicSubnets(tables, subnets));
  }

  /** Without a table of its own a subnet uses the main table of the VPC. */
  private static Set<String> publicSubnets(List<RouteTable> tables, List<Subnet> subnets) {
    var explicit = new HashMap<String, Boolean>();
    var mainIsPublic = false;
    for (var table : tables) {
      var isPublic = hasInternetGateway(table);
      for (var association : table.associations()) {
        if (association.subnetId() != null) {
          explicit.put(association.subnetId(), isPublic);
        }
        mainIsPublic |= isPublic && SdkValues.isTrue(association.main());
      }
    }
    var otherwise = mainIsPublic;
    return subnets.stream()
        .map(Subnet::id)
        .filter(id -> explicit.getOrDefault(id, otherwise))
        .collect(Collectors.toSet());
  }

  private static boolean hasInternetGateway(RouteTable table) {
    return table.routes().stream().anyMatch(route -> orEmpty(route.gatewayId()).startsWith("igw"));
  }
}
