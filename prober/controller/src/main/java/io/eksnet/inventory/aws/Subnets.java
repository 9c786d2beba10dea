package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.AwsSource.need;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;

/** The subnets of the cluster: free addresses every minute, roles as they become known. */
final class Subnets {
  private final VpcSubnets vpc;
  private final Placements placements;
  private final Reservations reservations;

  private Subnets(AwsCalls calls, VpcSubnets vpc, Clock clock) {
    this.vpc = vpc;
    this.placements = new Placements(calls, clock);
    this.reservations = new Reservations(calls, clock);
  }

  static InventorySource<List<Subnet>> source(AwsCalls calls, VpcSubnets vpc, Clock clock) {
    var subnets = new Subnets(calls, vpc, clock);
    return new AwsSource<>(
        Resources.SUBNETS,
        AwsService.EC2.anywhere(
            "DescribeSubnets", "DescribeInstances", "GetSubnetCidrReservations"),
        calls,
        subnets::read);
  }

  private Future<List<Subnet>> read(Inventory known) {
    var cluster = need(known, Resources.CLUSTER);
    return placements
        .of(known)
        .compose(
            placed ->
                vpc.list(cluster.vpcId())
                    .map(subnets -> SubnetRoles.of(cluster, placed, subnets, known)))
        .compose(reservations::in);
  }
}
