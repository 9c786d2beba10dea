package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.Subnet;
import java.util.stream.Stream;

/** R48: a subnet is short of addresses, and the warm pools of its zone hold more than it lacks. */
final class WarmPoolHoldsAddresses implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var addresses = new AddressView(evidence);
    return evidence.inventory().list(Parts.SUBNETS).stream()
        .filter(subnet -> subnet.available() < AddressView.PREFIX)
        .filter(subnet -> addresses.subnets(subnet.zone()).contains(subnet))
        .filter(subnet -> addresses.warm(subnet.zone()) > AddressView.PREFIX - subnet.available())
        .flatMap(subnet -> finding(subnet, addresses));
  }

  private static Stream<Finding> finding(Subnet subnet, AddressView addresses) {
    var warm = addresses.warm(subnet.zone());
    return Draft.of(RootCause.WARM_POOL_HOLDS_ADDRESSES, "subnet/" + subnet.id(), 80)
        .seen(
            "%d addresses are left in %s, nodes of %s hold %d that no pod has"
                .formatted(subnet.available(), subnet.id(), subnet.zone(), warm))
        .supportedBy(addresses.evidence(), Parts.SUBNETS, Parts.CNI_SETTINGS)
        .excludes("not demand: pods do not use these addresses")
        .fix(
            "set WARM_IP_TARGET=2 and MINIMUM_IP_TARGET=4 for aws-node, in place of the default of"
                + " one whole spare interface a node")
        .stream();
  }
}
