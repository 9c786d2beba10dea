package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * R42: in prefix mode pods get no address in a zone whose subnets have addresses, and no free /28.
 */
final class SubnetFragmented implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var prefixMode =
        evidence.inventory().get(Resources.CNI_SETTINGS).filter(CniSettings::prefixDelegation);
    var free = evidence.inventory().get(Resources.FREE_PREFIXES);
    if (prefixMode.isEmpty() || free.isEmpty()) {
      return Stream.empty();
    }
    var addresses = new AddressView(evidence);
    return addresses.starving().stream()
        .filter(addresses::hasRoom)
        .filter(zone -> noneIn(addresses.subnets(zone), free.get()))
        .flatMap(zone -> addresses.subnets(zone).stream())
        .flatMap(subnet -> finding(subnet, addresses));
  }

  private static boolean noneIn(List<Subnet> subnets, Map<String, Integer> free) {
    return subnets.stream().allMatch(s -> Objects.equals(free.get(s.id()), 0));
  }

  private static Stream<Finding> finding(Subnet subnet, AddressView addresses) {
    var refused =
        addresses.refusedWith("InsufficientCidrBlocks").stream().map(AgentReport::node).toList();
    var draft =
        FindingBuilder.of(RootCause.SUBNET_FRAGMENTED, "subnet/" + subnet.id(), 95)
            .seen(
                "%d addresses are left in %s, and no free block of 16 in a row"
                    .formatted(subnet.available(), subnet.id()))
            .seen(
                "the CNI runs with prefix delegation; pods in %s get no address"
                    .formatted(subnet.zone()))
            .supportedBy(addresses.evidence(), Resources.SUBNETS, Resources.FREE_PREFIXES)
            .supportedIf(addresses.refusing().contains(subnet.zone()))
            .excludes("not a full subnet: %d addresses are free".formatted(subnet.available()))
            .fix(
                "reserve a range for prefixes (subnet CIDR reservation of type prefix), where one"
                    + " is still free",
                "or add a subnet, tagged kubernetes.io/role/cni=1",
                "move pods to nodes in the new range");
    FindingText.ifAny(refused, nodes -> draft.seen("AWS says InsufficientCidrBlocks to " + nodes));
    return draft.stream();
  }
}
