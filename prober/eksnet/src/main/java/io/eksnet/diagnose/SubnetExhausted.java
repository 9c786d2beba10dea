package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.AgentReport;
import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.Subnet;
import java.util.stream.Stream;

/** R41: pods get no address in a zone whose subnets have fewer than 16 left. */
final class SubnetExhausted implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var addresses = new AddressView(evidence);
    return addresses.starving().stream()
        .filter(zone -> !addresses.hasRoom(zone))
        .flatMap(zone -> addresses.subnets(zone).stream())
        .flatMap(subnet -> finding(subnet, addresses));
  }

  private static Stream<Finding> finding(Subnet subnet, AddressView addresses) {
    var refused =
        addresses.refusedWith("InsufficientFreeAddressesInSubnet").stream()
            .map(AgentReport::node)
            .toList();
    var draft =
        Draft.of(RootCause.SUBNET_EXHAUSTED, "subnet/" + subnet.id(), 95)
            .seen(
                "%d of %d addresses are left in %s (%s)"
                    .formatted(subnet.available(), subnet.usable(), subnet.id(), subnet.zone()))
            .seen("pods in %s get no address".formatted(subnet.zone()))
            .supportedBy(addresses.evidence(), Parts.SUBNETS)
            .supportedIf(addresses.refusing().contains(subnet.zone()))
            .excludes("not the pod slots of nodes: these pods have a node already")
            .fix(addresses.remedies());
    Words.ifAny(
        refused, nodes -> draft.seen("AWS says InsufficientFreeAddressesInSubnet to " + nodes));
    return draft.stream();
  }
}
