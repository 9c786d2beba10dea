package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.AwsSource.need;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import io.vertx.core.Future;
import java.util.List;
import software.amazon.awssdk.services.ec2.model.DescribeVpcEndpointsResponse;

/** The endpoints of the cluster's VPC. */
final class VpcEndpoints {
  private static final int PAGE = 1_000;

  private final AwsCalls calls;

  private VpcEndpoints(AwsCalls calls) {
    this.calls = calls;
  }

  static InventorySource<List<VpcEndpoint>> source(AwsCalls calls) {
    return new AwsSource<>(
        Resources.VPC_ENDPOINTS,
        AwsService.EC2.anywhere("DescribeVpcEndpoints"),
        calls,
        new VpcEndpoints(calls)::read);
  }

  private Future<List<VpcEndpoint>> read(Inventory known) {
    var vpcId = need(known, Resources.CLUSTER).vpcId();
    return Paginator.pages(
            "DescribeVpcEndpoints",
            token ->
                calls.ec2(
                    "DescribeVpcEndpoints",
                    ec2 ->
                        ec2.describeVpcEndpoints(
                            ask ->
                                ask.filters(SdkNulls.filter("vpc-id", vpcId))
                                    .maxResults(PAGE)
                                    .nextToken(token))),
            DescribeVpcEndpointsResponse::nextToken,
            DescribeVpcEndpointsResponse::vpcEndpoints)
        .map(endpoints -> endpoints.stream().map(this::of).toList());
  }

  private VpcEndpoint of(software.amazon.awssdk.services.ec2.model.VpcEndpoint endpoint) {
    return new VpcEndpoint(
        endpoint.vpcEndpointId(),
        shortened(SdkNulls.text(endpoint.serviceName()), calls.settings().region()),
        SdkNulls.text(endpoint.vpcEndpointTypeAsString()),
        SdkNulls.text(endpoint.stateAsString()),
        SdkNulls.yes(endpoint.privateDnsEnabled()));
  }

  /** {@code com.amazonaws.eu-west-1.ecr.api} is {@code ecr.api}. */
  static String shortened(String service, String region) {
    var prefix = "." + region + ".";
    var at = service.indexOf(prefix);
    return at < 0 ? service : service.substring(at + prefix.length());
  }
}
