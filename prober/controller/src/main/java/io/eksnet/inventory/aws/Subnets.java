package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The subnets that the cluster uses, with their roles and free addresses. */
final class Subnets extends AwsSource<List<Subnet>> {
  private final VpcSubnets vpcSubnets;
  private final NodeSubnets nodeSubnets;
  private final SubnetReservations reservations;

  Subnets(AwsClients aws, VpcSubnets vpcSubnets) {
    super(
        aws,
        Resources.SUBNETS,
        AwsService.EC2.anywhere(
            "DescribeSubnets", "DescribeInstances", "GetSubnetCidrReservations"));
    this.vpcSubnets = vpcSubnets;
    nodeSubnets = new NodeSubnets(aws);
    reservations = new SubnetReservations(aws);
  }

  @Override
  Future<List<Subnet>> load(Inventory inventory) {
    var cluster = require(inventory, Resources.CLUSTER);
    return nodeSubnets
        .roles(inventory)
        .compose(
            nodeRoles ->
                vpcSubnets
                    .list(cluster.vpcId())
                    .compose(
                        subnets ->
                            withRoles(
                                subnets, SubnetRoles.of(cluster, nodeRoles, subnets, inventory))));
  }

  private Future<List<Subnet>> withRoles(List<Subnet> subnets, Map<String, Set<SubnetRole>> roles) {
    var used = subnets.stream().filter(subnet -> roles.containsKey(subnet.id())).toList();
    return reservations
        .refresh(used.stream().map(Subnet::id).toList())
        .map(
            refreshed ->
                used.stream().map(s -> of(s, roles.getOrDefault(s.id(), Set.of()))).toList());
  }

  private Subnet of(Subnet subnet, Set<SubnetRole> roles) {
    return new Subnet(
        subnet.id(),
        subnet.zone(),
        subnet.cidr(),
        subnet.available(),
        roles,
        subnet.tags(),
        reservations.of(subnet.id()));
  }
}
