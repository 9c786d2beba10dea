package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.isTrue;
import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteState;

/** The route tables of the cluster's VPC. */
final class RouteTables extends AwsSource<List<RouteTable>> {
  private static final int PAGE_SIZE = 100;

  RouteTables(AwsClients aws) {
    super(aws, Resources.ROUTE_TABLES, AwsService.EC2.anywhere("DescribeRouteTables"));
  }

  @Override
  Future<List<RouteTable>> load(Inventory inventory) {
    var vpc = SdkValues.filter("vpc-id", require(inventory, Resources.CLUSTER).vpcId());
    return AwsClients.list(
        aws.ec2()
            .describeRouteTablesPaginator(request -> request.filters(vpc).maxResults(PAGE_SIZE)),
        page -> page.routeTables().stream().map(RouteTables::of).toList());
  }

  private static RouteTable of(software.amazon.awssdk.services.ec2.model.RouteTable table) {
    return new RouteTable(
        table.routeTableId(),
        table.associations().stream().anyMatch(association -> isTrue(association.main())),
        table.associations().stream()
            .map(association -> orEmpty(association.subnetId()))
            .filter(subnet -> !subnet.isEmpty())
            .toList(),
        table.routes().stream().map(RouteTables::of).toList());
  }

  private static RouteTable.Route of(Route route) {
    return new RouteTable.Route(
        first(
            route.destinationCidrBlock(),
            route.destinationIpv6CidrBlock(),
            route.destinationPrefixListId()),
        first(
            route.natGatewayId(),
            route.gatewayId(),
            route.transitGatewayId(),
            route.vpcPeeringConnectionId(),
            route.networkInterfaceId(),
            route.instanceId(),
            route.egressOnlyInternetGatewayId(),
            route.localGatewayId(),
            route.carrierGatewayId(),
            route.coreNetworkArn()),
        route.state() != RouteState.BLACKHOLE);
  }

  private static String first(@org.jspecify.annotations.Nullable String... values) {
    return Stream.of(values)
        .map(SdkValues::orEmpty)
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }
}
