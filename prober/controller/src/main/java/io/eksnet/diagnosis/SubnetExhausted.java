package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
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
        FindingBuilder.of(RootCause.SUBNET_EXHAUSTED, "subnet/" + subnet.id(), 95)
            .seen(
                "%d of %d addresses are left in %s (%s)"
                    .formatted(subnet.available(), subnet.usable(), subnet.id(), subnet.zone()))
            .seen("pods in %s get no address".formatted(subnet.zone()))
            .supportedBy(addresses.evidence(), Resources.SUBNETS)
            .supportedIf(addresses.refusing().contains(subnet.zone()))
            .excludes("not the pod slots of nodes: these pods have a node already")
            .fix(addresses.remedies());
    FindingText.ifAny(
        refused, nodes -> draft.seen("AWS says InsufficientFreeAddressesInSubnet to " + nodes));
    return draft.stream();
  }
}
