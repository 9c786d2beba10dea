package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.NetworkInterface;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Network interfaces, to be found by what they are asked for. */
final class InterfaceIndex {
  private static final int PREFIX_LENGTH = 28;
  private static final int PREFIX_LENGTH_V6 = 80;

  private final Map<String, NetworkInterface> byId = new HashMap<>();
  private final Map<String, NetworkInterface> primary = new HashMap<>();
  private final Map<Cidr, NetworkInterface> byRange = new HashMap<>();

  private InterfaceIndex() {}

  static InterfaceIndex of(List<NetworkInterface> all) {
    var interfaces = new InterfaceIndex();
    all.forEach(interfaces::add);
    return interfaces;
  }

  private void add(NetworkInterface nic) {
    byId.put(nic.id(), nic);
    if (nic.primary() && !nic.instanceId().isEmpty()) {
      primary.put(nic.instanceId(), nic);
    }
    nic.addresses().forEach(address -> byRange.put(Cidr.of(address), nic));
    nic.prefixes().forEach(prefix -> byRange.put(Cidr.of(prefix), nic));
  }

  Optional<NetworkInterface> byId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The interface with which an instance was started. */
  Optional<NetworkInterface> primaryOf(String instance) {
    return Optional.ofNullable(primary.get(instance));
  }

  /**
   * The interface that has an address, or a delegated prefix with the address in it: then the
   * address itself is in no list of EC2. EC2 delegates /28 of IPv4 and /80 of IPv6.
   */
  Optional<NetworkInterface> withAddress(String address) {
    return Cidr.parse(address)
        .flatMap(
            single ->
                Optional.ofNullable(byRange.get(single))
                    .or(() -> Optional.ofNullable(byRange.get(prefixOf(single)))));
  }

  private static Cidr prefixOf(Cidr address) {
    return new Cidr(
        address.bits(), address.first(), address.isIp4() ? PREFIX_LENGTH : PREFIX_LENGTH_V6);
  }
}
