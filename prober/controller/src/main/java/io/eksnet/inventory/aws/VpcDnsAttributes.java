package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.isTrue;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcDns;
import io.vertx.core.Future;
import software.amazon.awssdk.services.ec2.model.AttributeBooleanValue;
import software.amazon.awssdk.services.ec2.model.DescribeVpcAttributeResponse;
import software.amazon.awssdk.services.ec2.model.VpcAttributeName;

/** The DNS attributes of the cluster's VPC; a call returns one attribute. */
final class VpcDnsAttributes extends AwsSource<VpcDns> {
  VpcDnsAttributes(AwsClients aws) {
    super(aws, Resources.VPC_DNS, AwsService.EC2.anywhere("DescribeVpcAttribute"));
  }

  @Override
  Future<VpcDns> load(Inventory inventory) {
    var vpc = require(inventory, Resources.CLUSTER).vpcId();
    return attribute(vpc, VpcAttributeName.ENABLE_DNS_SUPPORT)
        .compose(
            support ->
                attribute(vpc, VpcAttributeName.ENABLE_DNS_HOSTNAMES)
                    .map(
                        hostnames ->
                            new VpcDns(
                                isOn(support.enableDnsSupport()),
                                isOn(hostnames.enableDnsHostnames()))));
  }

  private Future<DescribeVpcAttributeResponse> attribute(String vpc, VpcAttributeName name) {
    return AwsClients.future(
        aws.ec2().describeVpcAttribute(request -> request.vpcId(vpc).attribute(name)));
  }

  private static boolean isOn(@org.jspecify.annotations.Nullable AttributeBooleanValue value) {
    return value != null && isTrue(value.value());
  }
}
