package io.eksnet.lab.cluster;

import java.util.Map;

/**
 * What the address manager of a node says beyond what follows from the node's interfaces.
 *
 * @param node its node
 * @param up whether it answers
 * @param noAddress how often it had no address to give
 * @param apiErrors how often an API failed, by {@code API error}: {@code CreateNetworkInterface
 *     InsufficientFreeAddressesInSubnet}
 */
public record Ipamd(String node, boolean up, long noAddress, Map<String, Long> apiErrors)
    implements Item {
  public Ipamd {
    apiErrors = Map.copyOf(apiErrors);
  }

  /** One that has nothing to complain of. */
  public static Ipamd well(String node) {
    return new Ipamd(node, true, 0, Map.of());
  }

  @Override
  public String key() {
    return node;
  }
}
