package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.Phase;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Address literals resolve to themselves; names do not resolve at all. */
public final class Literals implements Resolver {
  /** The address that {@code host} is the literal of, with or without brackets. */
  public static Optional<InetAddress> parse(String host) {
    return Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(bare(host)));
  }

  /** The only address of a literal, or why it cannot be used. */
  public static List<InetAddress> resolve(InetAddress literal, String host, Family family)
      throws ProbeFailure {
    if (!family.admits(literal)) {
      throw new ProbeFailure(
          Phase.RESOLVE, Cause.NODATA, host + " is not an address of family " + family);
    }
    return List.of(literal);
  }

  @Override
  public Future<List<InetAddress>> resolve(String host, Family family, Deadline deadline) {
    var literal = parse(host);
    if (literal.isEmpty()) {
      return Future.failedFuture(
          new ProbeFailure(Phase.RESOLVE, Cause.NXDOMAIN, host + " is not an address"));
    }
    try {
      return Future.succeededFuture(resolve(literal.get(), host, family));
    } catch (ProbeFailure e) {
      return Future.failedFuture(e);
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
