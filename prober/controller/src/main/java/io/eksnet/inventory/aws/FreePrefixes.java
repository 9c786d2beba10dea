package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.AwsSource.need;
import static io.eksnet.model.inventory.SubnetRole.KARPENTER;
import static io.eksnet.model.inventory.SubnetRole.NODE;
import static io.eksnet.model.inventory.SubnetRole.POD;
import static io.eksnet.model.inventory.SubnetRole.POD_CNI_TAG;
import static io.eksnet.model.inventory.SubnetRole.POD_ENICONFIG;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/**
 * How many prefixes the CNI can still get in each subnet; asked only when it wants prefixes, and
 * also soon after a pod was refused an address.
 */
final class FreePrefixes {
  /** Where the CNI puts interfaces of nodes. */
  private static final Set<SubnetRole> OF_PODS =
      Set.of(NODE, POD, POD_ENICONFIG, POD_CNI_TAG, KARPENTER);

  /** With custom networking the first interface, in the subnet of the node, gets no prefixes. */
  private static final Set<SubnetRole> OF_PODS_WITH_OWN_SUBNETS = Set.of(POD_ENICONFIG);

  private record Counted(String subnetId, int free) {}

  private final AwsCalls calls;

  private FreePrefixes(AwsCalls calls) {
    this.calls = calls;
  }

  static InventorySource<Map<String, Integer>> source(AwsCalls calls, Clock clock) {
    return new EventDrivenPoll<>(
        new AwsSource<>(
            Resources.FREE_PREFIXES,
            AwsService.EC2.anywhere("DescribeNetworkInterfaces"),
            calls,
            new FreePrefixes(calls)::read),
        FreePrefixes::refused,
        clock);
  }

  private static Optional<Set<?>> refused(Inventory known) {
    return known
        .get(Resources.CNI_SETTINGS)
        .filter(CniSettings::prefixDelegation)
        .flatMap(wants -> known.get(Resources.SANDBOX_FAILURES))
        .map(
            failures ->
                failures.stream()
                    .filter(failed -> failed.reason() == SandboxFailure.NO_IP)
                    .collect(Collectors.toSet()));
  }

  private Future<Map<String, Integer>> read(Inventory known) {
    if (!need(known, Resources.CNI_SETTINGS).prefixDelegation()) {
      return Future.succeededFuture(Map.of());
    }
    var roles =
        need(known, Resources.CNI_SETTINGS).customNetworking() ? OF_PODS_WITH_OWN_SUBNETS : OF_PODS;
    return Paginator.each(withRole(need(known, Resources.SUBNETS), roles), this::count)
        .map(counts -> counts.stream().collect(Collectors.toMap(Counted::subnetId, Counted::free)));
  }

  private static List<Subnet> withRole(List<Subnet> subnets, Set<SubnetRole> roles) {
    return subnets.stream().filter(subnet -> !Collections.disjoint(subnet.roles(), roles)).toList();
  }

  private Future<Counted> count(Subnet subnet) {
    return Interfaces.list(calls, SdkNulls.filter("subnet-id", subnet.id()))
        .map(enis -> new Counted(subnet.id(), free(subnet, enis)));
  }

  private static int free(Subnet subnet, List<NetworkInterface> enis) {
    return FreeBlocks.in(
        Cidr.of(subnet.cidr()), enis.stream().flatMap(Interfaces::ranges).map(Cidr::of).toList());
  }
}
