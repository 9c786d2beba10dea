package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.isTrue;
import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import io.vertx.core.Future;
import java.util.List;

/** The VPC endpoints of the cluster's VPC. */
final class VpcEndpoints extends AwsSource<List<VpcEndpoint>> {
  private static final int PAGE_SIZE = 1_000;

  VpcEndpoints(AwsClients aws) {
    super(aws, Resources.VPC_ENDPOINTS, AwsService.EC2.anywhere("DescribeVpcEndpoints"));
  }

  @Override
  Future<List<VpcEndpoint>> load(Inventory inventory) {
    var vpc = SdkValues.filter("vpc-id", require(inventory, Resources.CLUSTER).vpcId());
    return AwsClients.list(
        aws.ec2()
            .describeVpcEndpointsPaginator(request -> request.filters(vpc).maxResults(PAGE_SIZE)),
        page -> page.vpcEndpoints().stream().map(this::of).toList());
  }

  private VpcEndpoint of(software.amazon.awssdk.services.ec2.model.VpcEndpoint endpoint) {
    return new VpcEndpoint(
        endpoint.vpcEndpointId(),
        shortServiceName(orEmpty(endpoint.serviceName()), aws.settings().region()),
        orEmpty(endpoint.stateAsString()),
        isTrue(endpoint.privateDnsEnabled()));
  }

  /** {@code com.amazonaws.eu-west-1.ecr.api} is {@code ecr.api}. */
  static String shortServiceName(String service, String region) {
    var prefix = "." + region + ".";
    var at = service.indexOf(prefix);
    return at < 0 ? service : service.substring(at + prefix.length());
  }
}
