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
 * Resolves as the host is configured to, without a cache: literals, the hosts file, then the name
 * servers of resolv.conf over its search list.
 */
public final class SystemResolver implements Resolver {
  private static final int DNS_PORT = 53;
  private static final List<InetAddress> LOOPBACK =
      List.of(
          AddressLiteral.parse("127.0.0.1").orElseThrow(),
          AddressLiteral.parse("::1").orElseThrow());

  private final Supplier<HostNames> names;
  private final int port;

  /** A resolver by the current {@code names} of the host, which must not block. */
  public SystemResolver(Supplier<HostNames> names) {
    this(names, DNS_PORT);
  }

  /** The same with another port of the name servers. */
  public SystemResolver(Supplier<HostNames> names, int port) {
    this.names = names;
    this.port = port;
  }

  @Override
  public Future<List<InetAddress>> resolve(Run run, String host, Family family) {
    var known = names.get();
    var local = ofFamily(family, local(host, known));
    if (!local.isEmpty()) {
      return Future.succeededFuture(local);
    }
    var conf = known.resolvConf();
    return new DnsLookup(run, conf, port, family)
        .resolve(SearchPath.names(host, conf))
        .recover(error -> Future.failedFuture(withHost(host, error)));
  }

  /** What needs no query: literals, localhost (RFC 6761 section 6.3) and the hosts file. */
  private static List<InetAddress> local(String host, HostNames known) {
    var literal = AddressLiteral.parse(host);
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    var lower = host.toLowerCase(Locale.ROOT);
    var name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    return name.equals("localhost") || name.endsWith(".localhost")
        ? LOOPBACK
        : known.hosts().getOrDefault(name, List.of());
  }

  private static List<InetAddress> ofFamily(Family family, List<InetAddress> addresses) {
    return switch (family) {
      case IP4, IP6, BOTH -> addresses.stream().filter(family::admits).toList();
      case ANY -> firstOf(Family.IP4, Family.IP6, addresses);
      case PREFER_IP6 -> firstOf(Family.IP6, Family.IP4, addresses);
    };
  }

  private static List<InetAddress> firstOf(
      Family one, Family otherwise, List<InetAddress> addresses) {
    var preferred = ofFamily(one, addresses);
    return preferred.isEmpty() ? ofFamily(otherwise, addresses) : preferred;
  }

  private static Throwable withHost(String host, Throwable error) {
    if (!(error instanceof ProbeFailure failure)) {
      return error;
    }
    var detail =
        failure.reason() == Cause.NXDOMAIN
            ? host + " does not exist"
            : host + " does not resolve: " + failure.detail();
    return new ProbeFailure(Phase.RESOLVE, failure.reason(), detail);
  }
}
