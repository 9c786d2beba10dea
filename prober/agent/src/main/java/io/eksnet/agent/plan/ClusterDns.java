package io.eksnet.agent.plan;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.ResolvConf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where pods of an EKS cluster ask for names, as far as it follows from a pod's own environment.
 */
public final class ClusterDns {
  /** Where NodeLocal DNSCache listens on each node that has it (its upstream manifest). */
  public static final String NODELOCAL = "169.254.20.10";

  /** The resolver that Amazon gives every VPC (VPC User Guide, "Amazon DNS server"). */
  public static final List<String> VPC_RESOLVERS = List.of("169.254.169.253", "fd00:ec2::253");

  /** The Service kubernetes has the first address of the service CIDR. */
  private static final int API_SERVER = 1;

  /** EKS gives the Service kube-dns the tenth, …10 or …::a (nodeadm of the EKS AMI, api/net.go). */
  private static final int KUBE_DNS = 10;

  private ClusterDns() {}

  /**
   * The address of the Service kube-dns, from that of the Service kubernetes in {@code
   * serviceHost}; empty outside of clusters and where the host is another, such as the API server's
   * public name.
   */
  public static Optional<InetAddress> address(Optional<String> serviceHost) {
    return serviceHost.flatMap(AddressLiteral::parse).flatMap(ClusterDns::beside);
  }

  private static Optional<InetAddress> beside(InetAddress kubernetes) {
    var bytes = kubernetes.getAddress();
    if (bytes[bytes.length - 1] != API_SERVER) {
      return Optional.empty();
    }
    bytes[bytes.length - 1] = KUBE_DNS;
    try {
      return Optional.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether every name server is kube-dns or NodeLocal; unknown (empty) outside of a cluster. */
  public static Optional<Boolean> nameserversOk(ResolvConf conf, Optional<String> serviceHost) {
    var kubeDns = address(serviceHost);
    var right = Stream.concat(kubeDns.stream(), AddressLiteral.parse(NODELOCAL).stream()).toList();
    var all = conf.nameservers().stream().allMatch(server -> isOneOf(server, right));
    return serviceHost.isPresent() && (all || kubeDns.isPresent())
        ? Optional.of(all)
        : Optional.empty();
  }

  private static boolean isOneOf(String server, List<InetAddress> those) {
    return AddressLiteral.parse(server).filter(those::contains).isPresent();
  }

  /** Whether two texts write the same address. */
  static boolean same(String one, String other) {
    return Objects.equals(one, other)
        || AddressLiteral.parse(one)
            .filter(a -> AddressLiteral.parse(other).filter(a::equals).isPresent())
            .isPresent();
  }
}
