package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.HostNames;
import io.eksnet.model.Phase;
import io.eksnet.model.SearchPath;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Resolves as the host is configured to, each time anew: literals, the hosts file, then the name
 * servers of resolv.conf over its search list. Nothing is cached.
 */
public final class SystemResolver implements Resolver {
  private static final int PORT = 53;
  private static final List<InetAddress> LOOPBACK =
      List.of(
          AddressLiteral.parse("127.0.0.1").orElseThrow(),
          AddressLiteral.parse("::1").orElseThrow());

  private final Network network;
  private final DnsClient client;
  private final Supplier<HostNames> names;
  private final int port;

  /** A resolver that asks {@code names}, without blocking, what the host says at the moment. */
  public SystemResolver(Network network, Supplier<HostNames> names) {
    this(network, names, PORT);
  }

  SystemResolver(Network network, Supplier<HostNames> names, int port) {
    this.network = network;
    this.client = new DnsClient(network);
    this.names = names;
    this.port = port;
  }

  @Override
  public Future<List<InetAddress>> resolve(String host, Family family, Deadline deadline) {
    var literal = AddressLiteral.parse(host);
    if (literal.isPresent()) {
      return literal(literal.get(), host, family);
    }
    var known = names.get();
    var local = of(family, withoutQuery(host, known));
    if (!local.isEmpty()) {
      return Future.succeededFuture(local);
    }
    var conf = known.resolvConf();
    return new DnsLookup(network, client, conf, port, family, deadline)
        .over(SearchPath.names(host, conf))
        .recover(error -> Future.failedFuture(about(host, error)));
  }

  private Future<List<InetAddress>> literal(InetAddress literal, String host, Family family) {
    try {
      return Future.succeededFuture(Literals.resolve(literal, host, family));
    } catch (ProbeFailure e) {
      return Future.failedFuture(e);
    }
  }

  /** Names that no name server is asked for: localhost (RFC 6761 section 6.3), the hosts file. */
  private static List<InetAddress> withoutQuery(String host, HostNames known) {
    var lower = host.toLowerCase(Locale.ROOT);
    var name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    return name.equals("localhost") || name.endsWith(".localhost")
        ? LOOPBACK
        : known.hosts().getOrDefault(name, List.of());
  }

  private static List<InetAddress> of(Family family, List<InetAddress> addresses) {
    if (family != Family.ANY) {
      return addresses.stream().filter(family::admits).toList();
    }
    var ip4 = of(Family.IP4, addresses);
    return ip4.isEmpty() ? of(Family.IP6, addresses) : ip4;
  }

  private static Throwable about(String host, Throwable error) {
    if (!(error instanceof ProbeFailure trouble)) {
      return error;
    }
    var what =
        trouble.reason() == Cause.NXDOMAIN
            ? host + " does not exist"
            : host + " does not resolve: " + trouble.detail();
    return new ProbeFailure(Phase.RESOLVE, trouble.reason(), what);
  }
}
