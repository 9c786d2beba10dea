package io.eksnet.inventory.aws;

import io.eksnet.model.Cidr;
import io.eksnet.model.inventory.NetworkInterface;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Network interfaces by id, instance and address. */
final class InterfaceIndex {
  private static final int IPV4_PREFIX_LENGTH = 28;
  private static final int IPV6_PREFIX_LENGTH = 80;

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

  Optional<NetworkInterface> primaryOf(String instance) {
    return Optional.ofNullable(primary.get(instance));
  }

  /**
   * The interface with an address or with a delegated prefix, /28 or /80, that contains it: EC2
   * does not list the addresses of prefixes.
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
        address.bits(), address.first(), address.isIp4() ? IPV4_PREFIX_LENGTH : IPV6_PREFIX_LENGTH);
  }
}
