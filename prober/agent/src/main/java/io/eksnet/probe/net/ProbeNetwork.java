package io.eksnet.probe.net;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Family;
import io.eksnet.model.HostNames;
import io.eksnet.model.HostPort;
import io.eksnet.model.ResolvConf;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The settings by which a probe resolves names and connects otherwise than the rest. */
public record ProbeNetwork(
    @Setting(
            value =
                "The resolver for the names that this probe connects to: `system` (resolv.conf of this"
                    + " process), `node` (the VPC resolver, 169.254.169.253), or the address of a name"
                    + " server; without a search list unless `system`.",
            fallback = "system",
            example = "10.100.0.10")
        String resolver,
    @Setting(
            value =
                "The address of this host to connect from; names then resolve to addresses of its family"
                    + " only.",
            example = "10.0.0.7")
        Optional<String> sourceAddress) {
  private static final String SYSTEM = "system";
  private static final String NODE = "node";

  /** The VPC resolver (VPC guide, "DHCP option sets"). */
  private static final String VPC_RESOLVER = "169.254.169.253";

  private static final int DNS_PORT = 53;

  /** As all other probes. */
  public static final ProbeNetwork DEFAULT = ConfigReader.defaults(ProbeNetwork.class);

  public ProbeNetwork {
    if (!resolver.equals(SYSTEM)) {
      server(resolver);
    }
    if (sourceAddress.filter(text -> !AddressLiteral.isAddress(text)).isPresent()) {
      throw new InvalidSettingException(
          "source_address",
          sourceAddress.get() + " is not an address; write one of this host such as 10.0.0.7");
    }
  }

  /**
   * Rejects a source address that reaches not all addresses of {@code family}.
   *
   * @throws InvalidSettingException for the key {@code source_address}
   */
  public void requireFamily(Family family) {
    var own = sourceFamily();
    var either = family == Family.ANY || family == Family.PREFER_IP6;
    if (own.isPresent() && !either && own.get() != family) {
      throw new InvalidSettingException(
          "source_address",
          sourceAddress.get()
              + " reaches addresses of its own family only: leave family out, or set it to "
              + lower(own.get())
              + " instead of "
              + lower(family));
    }
  }

  /**
   * Rejects an address of the other family than the source address; names are accepted.
   *
   * @throws IllegalArgumentException with the remedy
   */
  public void requireReachable(String host) {
    var own = sourceFamily();
    var other = AddressLiteral.parse(host).map(Family::of);
    if (own.isPresent() && other.isPresent() && !own.equals(other)) {
      throw new IllegalArgumentException(
          host
              + " cannot be reached from source_address "
              + sourceAddress.get()
              + ": use addresses of the same family");
    }
  }

  /** Empty, too, if the address has the zone of an interface that this host lacks. */
  private Optional<Family> sourceFamily() {
    return sourceAddress.flatMap(AddressLiteral::parse).map(Family::of);
  }

  private static String lower(Family family) {
    return family.name().toLowerCase(Locale.ROOT);
  }

  /** {@code network} with this resolver and source address. */
  public Network of(Network network) {
    var from = network.from(sourceAddress);
    if (resolver.equals(SYSTEM)) {
      return from;
    }
    var server = server(resolver);
    var names = new HostNames(new ResolvConf(List.of(server.host()), List.of(), 1), Map.of());
    return from.resolvingWith(new SystemResolver(() -> names, server.portOr(DNS_PORT)));
  }

  private static HostPort server(String text) {
    if (text.equals(NODE)) {
      return new HostPort(VPC_RESOLVER, DNS_PORT);
    }
    try {
      var server =
          AddressLiteral.isAddress(text) ? new HostPort(text, DNS_PORT) : HostPort.parse(text);
      if (AddressLiteral.isAddress(server.host())) {
        return server;
      }
    } catch (IllegalArgumentException e) {
      // falls through
    }
    throw new InvalidSettingException(
        "resolver",
        text
            + " is no resolver; write system, node, or the address of a name server such as"
            + " 10.100.0.10 or [fd00::a]:53");
  }
}
