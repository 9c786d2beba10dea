package io.eksnet.inventory.aws;

/**
 * A rule of a security group; it only ever permits.
 *
 * @param protocol {@code tcp}, a number, or {@code -1} for all, which has no ports
 */
record SecurityRule(
    String id, String group, boolean egress, String protocol, int fromPort, int toPort, Peer peer) {
  private static final String EVERYTHING = "-1";

  /** Whom it permits. */
  sealed interface Peer {
    /**
     * Whoever is in a group.
     *
     * @param foreign whether the group is another account's
     */
    record Group(String id, boolean foreign) implements Peer {}

    /** Whoever has an address of these. */
    record Addresses(Cidr range) implements Peer {}

    /** Whoever has an address on a list. */
    record PrefixList(String id) implements Peer {}
  }

  /** Whether it speaks of this port at all. */
  boolean carries(Transport transport, int port) {
    return protocol.equals(EVERYTHING)
        || (transport.named(protocol) && fromPort <= port && port <= toPort);
  }
}
