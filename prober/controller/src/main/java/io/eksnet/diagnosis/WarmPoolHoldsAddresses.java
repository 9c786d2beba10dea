package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import java.util.stream.Stream;

/** R48: a subnet is short of addresses, and the warm pools of its zone hold more than it lacks. */
final class WarmPoolHoldsAddresses implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var addresses = new AddressView(evidence);
    return evidence.inventory().list(Resources.SUBNETS).stream()
        .filter(subnet -> subnet.available() < AddressView.PREFIX)
        .filter(subnet -> addresses.subnets(subnet.zone()).contains(subnet))
        .filter(subnet -> addresses.warm(subnet.zone()) > AddressView.PREFIX - subnet.available())
        .flatMap(subnet -> finding(subnet, addresses));
  }

  private static Stream<Finding> finding(Subnet subnet, AddressView addresses) {
    var warm = addresses.warm(subnet.zone());
    return FindingBuilder.of(RootCause.WARM_POOL_HOLDS_ADDRESSES, "subnet/" + subnet.id(), 80)
        .seen(
            "%d addresses are left in %s, nodes of %s hold %d that no pod has"
                .formatted(subnet.available(), subnet.id(), subnet.zone(), warm))
        .supportedBy(addresses.evidence(), Resources.SUBNETS, Resources.CNI_SETTINGS)
        .excludes("not demand: pods do not use these addresses")
        .fix(
            "set WARM_IP_TARGET=2 and MINIMUM_IP_TARGET=4 for aws-node, in place of the default of"
                + " one whole spare interface a node")
        .stream();
  }
}
