package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.isTrue;
import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.NetworkAcl;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.NetworkAclAssociation;
import software.amazon.awssdk.services.ec2.model.NetworkAclEntry;
import software.amazon.awssdk.services.ec2.model.RuleAction;

/** The network ACLs of the cluster's VPC. */
final class NetworkAcls extends AwsSource<List<NetworkAcl>> {
  private static final int PAGE_SIZE = 1_000;
  private static final int MAX_PORT = 65_535;

  private final TargetStates targetStates = new TargetStates();

  NetworkAcls(AwsClients aws) {
    super(aws, Resources.NETWORK_ACLS, AwsService.EC2.anywhere("DescribeNetworkAcls"));
  }

  /** The health states of all targets: a change may be the effect of an ACL. */
  @Override
  Optional<Set<?>> triggers(Inventory inventory) {
    return targetStates.in(inventory);
  }

  @Override
  Future<List<NetworkAcl>> load(Inventory inventory) {
    var vpc = SdkValues.filter("vpc-id", require(inventory, Resources.CLUSTER).vpcId());
    return AwsClients.list(
        aws.ec2()
            .describeNetworkAclsPaginator(request -> request.filters(vpc).maxResults(PAGE_SIZE)),
        page -> page.networkAcls().stream().map(NetworkAcls::of).toList());
  }

  private static NetworkAcl of(software.amazon.awssdk.services.ec2.model.NetworkAcl acl) {
    return new NetworkAcl(
        acl.networkAclId(),
        isTrue(acl.isDefault()),
        acl.associations().stream().map(NetworkAclAssociation::subnetId).toList(),
        acl.entries().stream().flatMap(NetworkAcls::of).toList());
  }

  /** An entry has a range of IPv4 addresses or one of IPv6 addresses. */
  private static Stream<NetworkAcl.Entry> of(NetworkAclEntry entry) {
    var ports = entry.portRange();
    return Stream.of(orEmpty(entry.cidrBlock()), orEmpty(entry.ipv6CidrBlock()))
        .filter(range -> !range.isEmpty())
        .map(
            range ->
                new NetworkAcl.Entry(
                    entry.ruleNumber(),
                    isTrue(entry.egress()),
                    entry.ruleAction() == RuleAction.ALLOW,
                    Integer.parseInt(entry.protocol()),
                    range,
                    ports == null ? 0 : SdkValues.orZero(ports.from()),
                    ports == null || ports.to() == null ? MAX_PORT : ports.to()));
  }
}
