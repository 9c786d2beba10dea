package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.NatGateway;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.ConnectivityType;

/** The NAT gateways of the cluster's VPC. */
final class NatGateways extends AwsSource<List<NatGateway>> {
  private static final int PAGE_SIZE = 1_000;

  NatGateways(AwsClients aws) {
    super(aws, Resources.NAT_GATEWAYS, AwsService.EC2.anywhere("DescribeNatGateways"));
  }

  @Override
  Future<List<NatGateway>> load(Inventory inventory) {
    var vpc = SdkValues.filter("vpc-id", require(inventory, Resources.CLUSTER).vpcId());
    return AwsClients.list(
        aws.ec2()
            .describeNatGatewaysPaginator(request -> request.filter(vpc).maxResults(PAGE_SIZE)),
        page -> page.natGateways().stream().map(NatGateways::of).toList());
  }

  private static NatGateway of(software.amazon.awssdk.services.ec2.model.NatGateway gateway) {
    return new NatGateway(
        gateway.natGatewayId(),
        orEmpty(gateway.subnetId()),
        gateway.connectivityType() != ConnectivityType.PRIVATE,
        orEmpty(gateway.stateAsString()),
        Stream.of(orEmpty(gateway.failureCode()), orEmpty(gateway.failureMessage()))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(": ")));
  }
}
