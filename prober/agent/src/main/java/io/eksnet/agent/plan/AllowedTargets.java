package io.eksnet.agent.plan;

import io.eksnet.model.AddressLiteral;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the word of a plan may lead an agent. Never to the link-local services of a node (the
 * instance's credentials at 169.254.169.254, the Pod Identity agent at 169.254.170.23, and their
 * like in fd00:ec2::/32), nor to itself, nor to everybody at once. The controller leaves such
 * assignments out, and the agent refuses a plan that holds one.
 *
 * @param loopback whether 127.0.0.0/8 and ::1 are in reach: for the lab only, whose whole cluster
 *     is there
 */
public record AllowedTargets(boolean loopback) {
  /** Of every real cluster. */
  public static final AllowedTargets CLUSTER = new AllowedTargets(false);

  /** Of a cluster that lives on this host, as the lab's. */
  public static final AllowedTargets THIS_HOST = new AllowedTargets(true);

  private static final Assignment.Cases<List<String>> HOSTS =
      new Assignment.Cases<>(
          backend -> List.of(backend.address()),
          call -> call.clusterIp().isEmpty() ? List.of() : List.of(call.clusterIp()),
          peer -> List.of(peer.address()),
          call -> List.of(call.address()),
          call -> List.of(call.dnsName()),
          call -> List.of(call.host()),
          annotated -> List.of(annotated.place().host()),
          // only the kind of its module knows the host; see AssignedTasks
          probe -> List.of());

  /** Why an assignment leads too far; empty: it does not. */
  public Optional<String> objection(Assignment assignment) {
    return assignment.fold(HOSTS).stream().flatMap(host -> objection(host).stream()).findFirst();
  }

  /** Why an address or a name leads too far; empty: it does not. */
  public Optional<String> objection(String host) {
    return admits(host)
        ? Optional.empty()
        : Optional.of(host + " is out of reach: agents are not sent to the services of their node");
  }

  /** Whether an address or a name may be probed on a plan's word. */
  boolean admits(String host) {
    return AddressLiteral.parse(host).map(this::admits).orElseGet(() -> admitsName(host));
  }

  /** Whether an address may be probed on a plan's word; also that of a name that it holds. */
  public boolean admits(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return loopback;
    }
    return !address.isAnyLocalAddress()
        && !address.isLinkLocalAddress()
        && !address.isMulticastAddress()
        && (address.getAddress().length == 4
            ? admits4(address.getAddress())
            : admits6(address.getAddress()));
  }

  /** Not this network (0.0.0.0/8), and not what is reserved, broadcast among it (240.0.0.0/4). */
  private static boolean admits4(byte[] bytes) {
    var first = bytes[0] & 0xff;
    return first != 0 && first < 240;
  }

  /**
   * Not 0000::/8, which holds IPv4 in other clothes, and not Amazon's services in fd00:ec2::/32.
   */
  private static boolean admits6(byte[] bytes) {
    var services =
        (bytes[0] & 0xff) == 0xfd && bytes[1] == 0 && bytes[2] == 0x0e && (bytes[3] & 0xff) == 0xc2;
    return bytes[0] != 0 && !services;
  }

  /** The VPC resolver knows the instance metadata service as instance-data.ec2.internal. */
  private boolean admitsName(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    var local = lower.equals("localhost") || lower.endsWith(".localhost");
    return local ? loopback : !lower.equals("instance-data") && !lower.startsWith("instance-data.");
  }
}
