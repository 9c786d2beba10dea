package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SubnetRole.KARPENTER;
import static io.eksnet.model.inventory.SubnetRole.NODE;
import static io.eksnet.model.inventory.SubnetRole.POD;
import static io.eksnet.model.inventory.SubnetRole.POD_CNI_TAG;
import static io.eksnet.model.inventory.SubnetRole.POD_ENICONFIG;

import io.eksnet.model.Cidr;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How many /28 prefixes the VPC CNI can still get in each subnet; read in prefix mode only. */
final class FreePrefixes extends AwsSource<Map<String, Integer>> {
  /** Where the CNI puts interfaces of nodes. */
  private static final Set<SubnetRole> POD_ROLES =
      Set.of(NODE, POD, POD_ENICONFIG, POD_CNI_TAG, KARPENTER);

  /** With custom networking the primary interface, in the subnet of the node, gets no prefixes. */
  private static final Set<SubnetRole> CUSTOM_NETWORKING_ROLES = Set.of(POD_ENICONFIG);

  FreePrefixes(AwsClients aws) {
    super(aws, Resources.FREE_PREFIXES, AwsService.EC2.anywhere("DescribeNetworkInterfaces"));
  }

  /** Pods that got no address, in prefix mode. */
  @Override
  Optional<Set<?>> triggers(Inventory inventory) {
    return inventory
        .get(Resources.CNI_SETTINGS)
        .filter(CniSettings::prefixDelegation)
        .flatMap(cni -> inventory.get(Resources.SANDBOX_FAILURES))
        .map(
            failures ->
                failures.stream()
                    .filter(failure -> failure.reason() == SandboxFailure.NO_IP)
                    .collect(Collectors.toSet()));
  }

  @Override
  Future<Map<String, Integer>> load(Inventory inventory) {
    var cni = require(inventory, Resources.CNI_SETTINGS);
    if (!cni.prefixDelegation()) {
      return Future.succeededFuture(Map.of());
    }
    var roles = cni.customNetworking() ? CUSTOM_NETWORKING_ROLES : POD_ROLES;
    var subnets =
        require(inventory, Resources.SUBNETS).stream()
            .filter(subnet -> !Collections.disjoint(subnet.roles(), roles))
            .toList();
    return aws.each(subnets, this::count)
        .map(
            counts ->
                counts.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** EC2 assigns nothing from these by itself (VPC User Guide, "Subnet CIDR reservations"). */
  private static Stream<String> explicitlyReserved(Subnet subnet) {
    return subnet.reservations().stream()
        .filter(SubnetReservations::isExplicit)
        .map(SubnetReservations::range);
  }

  private Future<Map.Entry<String, Integer>> count(Subnet subnet) {
    return Interfaces.list(aws, SdkValues.filter("subnet-id", subnet.id()))
        .map(
            enis -> {
              List<Cidr> used =
                  Stream.concat(
                          enis.stream().flatMap(Interfaces::ranges), explicitlyReserved(subnet))
                      .map(Cidr::of)
                      .toList();
              return Map.entry(subnet.id(), FreeBlocks.in(Cidr.of(subnet.cidr()), used));
            });
  }
}
