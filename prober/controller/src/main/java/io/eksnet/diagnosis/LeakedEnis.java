package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import java.util.List;
import java.util.stream.Stream;

/**
 * R49: a subnet is short of addresses, and interfaces of the CNI that no instance has lie in it.
 */
final class LeakedEnis implements Rule {
  private static final int MANY = 3;

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var leaked = evidence.inventory().list(Resources.LEAKED_INTERFACES);
    return evidence.inventory().list(Resources.SUBNETS).stream()
        .filter(subnet -> subnet.available() < AddressView.PREFIX)
        .flatMap(
            subnet ->
                finding(
                    subnet,
                    leaked.stream().filter(eni -> eni.subnetId().equals(subnet.id())).toList(),
                    evidence));
  }

  private static Stream<Finding> finding(
      Subnet subnet, List<NetworkInterface> leaked, Evidence evidence) {
    if (leaked.size() < MANY) {
      return Stream.empty();
    }
    var held = leaked.stream().mapToInt(eni -> eni.addresses().size()).sum();
    return FindingBuilder.of(RootCause.LEAKED_ENIS, "subnet/" + subnet.id(), 80)
        .seen(
            "%d interfaces that no instance has hold %d addresses in %s, where %d are left"
                .formatted(leaked.size(), held, subnet.id(), subnet.available()))
        .supportedBy(evidence, Resources.SUBNETS, Resources.LEAKED_INTERFACES)
        .fix(
            "delete them: " + FindingText.list(leaked.stream().map(NetworkInterface::id).toList()),
            "see that aws-node is new enough to clean up after terminated nodes")
        .stream();
  }
}
