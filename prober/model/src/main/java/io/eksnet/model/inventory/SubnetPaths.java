package io.eksnet.model.inventory;

import static java.util.Comparator.comparingInt;

import io.eksnet.model.Cidr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Evaluates network ACLs for connections between subnets. ACLs are stateless, so responses need
 * rules of their own, for the ephemeral ports of the client. They do not apply within a subnet.
 */
public final class SubnetPaths {
  private static final int ALL_PROTOCOLS = -1;
  private static final int MAX_PORT = 65_535;

  /** The final rules {@code *} have this number and the next (EC2 API, NetworkAclEntry). */
  private static final int FINAL_RULE = 32_767;

  private final Map<String, NetworkAcl> bySubnet = new HashMap<>();
  private final List<NetworkAcl> defaults;

  public SubnetPaths(List<NetworkAcl> acls) {
    acls.forEach(acl -> acl.subnetIds().forEach(subnet -> bySubnet.put(subnet, acl)));
    defaults = acls.stream().filter(NetworkAcl::isDefault).toList();
  }

  /** A transport protocol. */
  public enum Protocol {
    TCP(6),
    UDP(17);

    private final int number;

    Protocol(int number) {
      this.number = number;
    }
  }

  /** From which ports a client connects (VPC User Guide, "Ephemeral ports"). */
  public enum Client {
    /** Load balancers and NAT gateways, and nodes that translate the source ports of pods. */
    AWS(1_024, 65_535),
    /** The default of {@code net.ipv4.ip_local_port_range}. */
    LINUX(32_768, 60_999);

    private final int firstPort;
    private final int lastPort;

    Client(int firstPort, int lastPort) {
      this.firstPort = firstPort;
      this.lastPort = lastPort;
    }
  }

  /**
   * One end of a connection.
   *
   * @param subnetId empty outside the VPC, where no ACL is known
   * @param range all addresses that it may have
   */
  public record End(String subnetId, Cidr range) {}

  /** Connections to a port. */
  public record Connection(
      End source, End destination, Protocol protocol, int port, Client client) {}

  /**
   * What an ACL denies of connections.
   *
   * @param rule such as {@code inbound rule 90 of acl-1}
   * @param reason names the rule, the ports and the other end
   * @param complete whether it denies all of them; else only some addresses or ports of the ends
   */
  public record Denial(String aclId, String rule, String reason, boolean complete) {}

  /** The packets at one border of a subnet. */
  private record Border(String subnetId, boolean egress, Packets packets, Cidr peer) {}

  /** Whether the ACLs of both ends are known, or do not apply. */
  public boolean isKnown(Connection connection) {
    return isWithinSubnet(connection)
        || Stream.of(connection.source(), connection.destination())
            .allMatch(end -> end.subnetId().isEmpty() || aclOf(end.subnetId()).isPresent());
  }

  /** What denies the connections: that which denies all of them, or else some. */
  public Optional<Denial> denial(Connection connection) {
    if (isWithinSubnet(connection)) {
      return Optional.empty();
    }
    var denials =
        borders(connection)
            .flatMap(border -> denial(border, connection.protocol()).stream())
            .toList();
    return denials.stream()
        .filter(Denial::complete)
        .findFirst()
        .or(() -> denials.stream().findFirst());
  }

  private static boolean isWithinSubnet(Connection connection) {
    var subnet = connection.source().subnetId();
    return !subnet.isEmpty() && subnet.equals(connection.destination().subnetId());
  }

  /** In the order in which a request and its response pass them. */
  private static Stream<Border> borders(Connection connection) {
    var from = connection.source();
    var to = connection.destination();
    var port = connection.port();
    var client = connection.client();
    return Stream.of(
        border(from, true, to.range(), port, port),
        border(to, false, from.range(), port, port),
        border(to, true, from.range(), client.firstPort, client.lastPort),
        border(from, false, to.range(), client.firstPort, client.lastPort));
  }

  private static Border border(End end, boolean egress, Cidr peer, int fromPort, int toPort) {
    return new Border(end.subnetId(), egress, Packets.of(peer, fromPort, toPort), peer);
  }

  private Optional<Denial> denial(Border border, Protocol protocol) {
    return aclOf(border.subnetId()).flatMap(acl -> denial(acl, border, protocol));
  }

  private Optional<NetworkAcl> aclOf(String subnetId) {
    return subnetId.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(bySubnet.get(subnetId))
            .or(() -> defaults.size() == 1 ? Optional.of(defaults.get(0)) : Optional.empty());
  }

  /** Each entry decides about the packets that it matches and no entry before it. */
  private static Optional<Denial> denial(NetworkAcl acl, Border border, Protocol protocol) {
    var undecided = List.of(border.packets());
    var denied = Optional.<Denial>empty();
    var allowed = false;
    for (var entry : entries(acl, border, protocol)) {
      var matched = Packets.of(entry);
      var rest = new ArrayList<Packets>();
      for (var packets : undecided) {
        var decided = packets.and(matched);
        if (decided.isEmpty()) {
          rest.add(packets);
          continue;
        }
        rest.addAll(packets.without(decided.get()));
        allowed |= entry.allow();
        if (!entry.allow() && denied.isEmpty()) {
          denied = Optional.of(partial(acl, entry.number(), border, protocol, decided.get()));
        }
      }
      undecided = rest;
    }
    for (var packets : undecided) {
      denied = denied.or(() -> Optional.of(partial(acl, FINAL_RULE, border, protocol, packets)));
    }
    var complete = !allowed;
    return denied.map(it -> new Denial(it.aclId(), it.rule(), it.reason(), complete));
  }

  private static List<NetworkAcl.Entry> entries(NetworkAcl acl, Border border, Protocol protocol) {
    return acl.entries().stream()
        .filter(entry -> entry.egress() == border.egress())
        .filter(e -> e.protocol() == ALL_PROTOCOLS || e.protocol() == protocol.number)
        .filter(entry -> Cidr.of(entry.range()).bits() == border.peer().bits())
        .sorted(comparingInt(NetworkAcl.Entry::number))
        .toList();
  }

  private static Denial partial(
      NetworkAcl acl, int rule, Border border, Protocol protocol, Packets denied) {
    var ports =
        denied.fromPort() == denied.toPort()
            ? String.valueOf(denied.fromPort())
            : denied.fromPort() + "-" + denied.toPort();
    var name =
        "%s rule %s of %s"
            .formatted(
                border.egress() ? "outbound" : "inbound",
                rule >= FINAL_RULE ? "*" : String.valueOf(rule),
                acl.id());
    return new Denial(
        acl.id(),
        name,
        "%s denies %s %s %s %s"
            .formatted(
                name, protocol.name(), ports, border.egress() ? "to" : "from", border.peer()),
        false);
  }

  /** Packets by the address of the other end and the destination port. */
  private record Packets(BigInteger first, BigInteger last, int fromPort, int toPort) {
    static Packets of(Cidr range, int fromPort, int toPort) {
      return new Packets(
          range.first(),
          range.first().add(range.size()).subtract(BigInteger.ONE),
          fromPort,
          toPort);
    }

    static Packets of(NetworkAcl.Entry entry) {
      var range = Cidr.of(entry.range());
      return entry.protocol() == ALL_PROTOCOLS
          ? of(range, 0, MAX_PORT)
          : of(range, entry.fromPort(), entry.toPort());
    }

    Optional<Packets> and(Packets other) {
      var both =
          new Packets(
              first.max(other.first),
              last.min(other.last),
              Math.max(fromPort, other.fromPort),
              Math.min(toPort, other.toPort));
      return both.isEmpty() ? Optional.empty() : Optional.of(both);
    }

    /** The others of these packets. */
    List<Packets> without(Packets part) {
      return Stream.of(
              new Packets(first, part.first.subtract(BigInteger.ONE), fromPort, toPort),
              new Packets(part.last.add(BigInteger.ONE), last, fromPort, toPort),
              new Packets(part.first, part.last, fromPort, part.fromPort - 1),
              new Packets(part.first, part.last, part.toPort + 1, toPort))
          .filter(packets -> !packets.isEmpty())
          .toList();
    }

    private boolean isEmpty() {
      return first.compareTo(last) > 0 || fromPort > toPort;
    }
  }
}
