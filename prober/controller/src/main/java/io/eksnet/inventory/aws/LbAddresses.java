package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LbAddress;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/**
 * The addresses of load balancers and their zones, from their network interfaces: private, public
 * and IPv6 ones. Public addresses of a load balancer show no zone otherwise. ELB describes the
 * interfaces that it creates as {@code ELB app/name/id} or {@code ELB net/name/id}.
 */
final class LbAddresses extends AwsSource<List<LbAddress>> {
  LbAddresses(AwsClients aws) {
    super(aws, Resources.LB_ADDRESSES, AwsService.EC2.anywhere("DescribeNetworkInterfaces"));
  }

  @Override
  Future<List<LbAddress>> load(Inventory inventory) {
    var cluster = require(inventory, Resources.CLUSTER);
    return Interfaces.list(
            aws,
            SdkValues.filter("vpc-id", cluster.vpcId()),
            SdkValues.filter("description", "ELB app/*", "ELB net/*"))
        .map(enis -> enis.stream().flatMap(LbAddresses::addresses).toList());
  }

  private static Stream<LbAddress> addresses(NetworkInterface eni) {
    var associated =
        eni.privateIpAddresses().stream()
            .flatMap(address -> Stream.ofNullable(address.association()))
            .flatMap(association -> Stream.ofNullable(association.publicIp()));
    return Stream.concat(Interfaces.of(eni).addresses().stream(), associated)
        .map(address -> new LbAddress(orEmpty(eni.availabilityZone()), address));
  }
}
