package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.isTrue;
import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.VpcEndpoint;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The VPC endpoints of the cluster's VPC. */
final class VpcEndpoints extends AwsSource<List<VpcEndpoint>> {
  private static final int PAGE_SIZE = 1_000;

  private final VpcSubnets vpcSubnets;

  VpcEndpoints(AwsClients aws, VpcSubnets vpcSubnets) {
    super(
        aws,
        Resources.VPC_ENDPOINTS,
        AwsService.EC2.anywhere("DescribeVpcEndpoints", "DescribeSubnets"));
    this.vpcSubnets = vpcSubnets;
  }

  @Override
  Future<List<VpcEndpoint>> load(Inventory inventory) {
    var vpcId = require(inventory, Resources.CLUSTER).vpcId();
    return vpcSubnets
        .recent(vpcId)
        .otherwise(List.of())
        .compose(subnets -> list(vpcId, byId(subnets)));
  }

  private static Map<String, Subnet> byId(List<Subnet> subnets) {
    return subnets.stream().collect(Collectors.toMap(Subnet::id, Function.identity(), (a, b) -> a));
  }

  private Future<List<VpcEndpoint>> list(String vpcId, Map<String, Subnet> subnets) {
    var vpc = SdkValues.filter("vpc-id", vpcId);
    return AwsClients.list(
        aws.ec2()
            .describeVpcEndpointsPaginator(request -> request.filters(vpc).maxResults(PAGE_SIZE)),
        page -> page.vpcEndpoints().stream().map(endpoint -> of(endpoint, subnets)).toList());
  }

  private VpcEndpoint of(
      software.amazon.awssdk.services.ec2.model.VpcEndpoint endpoint, Map<String, Subnet> subnets) {
    return new VpcEndpoint(
        endpoint.vpcEndpointId(),
        shortServiceName(orEmpty(endpoint.serviceName()), aws.settings().region()),
        orEmpty(endpoint.stateAsString()),
        isTrue(endpoint.privateDnsEnabled()),
        placements(endpoint.subnetIds(), subnets));
  }

  private static List<VpcEndpoint.Placement> placements(
      List<String> ids, Map<String, Subnet> subnets) {
    return subnets.keySet().containsAll(ids)
        ? ids.stream()
            .flatMap(id -> Stream.ofNullable(subnets.get(id)))
            .map(subnet -> new VpcEndpoint.Placement(subnet.id(), subnet.zone(), subnet.cidr()))
            .toList()
        : List.of();
  }

  /** {@code com.amazonaws.eu-west-1.ecr.api} is {@code ecr.api}. */
  static String shortServiceName(String service, String region) {
    var prefix = "." + region + ".";
    var at = service.indexOf(prefix);
    return at < 0 ? service : service.substring(at + prefix.length());
  }
}
