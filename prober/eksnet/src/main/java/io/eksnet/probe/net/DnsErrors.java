package io.eksnet.probe.net;

import io.eksnet.core.Cause;
import io.eksnet.core.Phase;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the errors of sockets say about a name server. */
final class DnsErrors {
  /** What strerror(3) says; epoll and NIO sockets both carry it, in exceptions of various types. */
  private static final Map<String, Cause> TEXTS = new LinkedHashMap<>();

  static {
    TEXTS.put("refused", Cause.CONN_REFUSED);
    TEXTS.put("Network is unreachable", Cause.UNREACHABLE);
    TEXTS.put("Network unreachable", Cause.UNREACHABLE);
    TEXTS.put("No route to host", Cause.UNREACHABLE);
    TEXTS.put("Permission denied", Cause.UNREACHABLE);
    TEXTS.put("Operation not permitted", Cause.UNREACHABLE);
    TEXTS.put("Address family not supported", Cause.UNREACHABLE);
    TEXTS.put("timed out", Cause.TIMEOUT);
    TEXTS.put("reset", Cause.RESET);
    TEXTS.put("Broken pipe", Cause.RESET);
  }

  private DnsErrors() {}

  /**
   * The trouble with {@code server}, or the error itself when it is the prober's own, such as no
   * file descriptors left.
   */
  static Throwable of(Throwable error, Phase phase, InetSocketAddress server) {
    for (var e = error; e != null; e = e.getCause()) {
      var reason = reason(e, server);
      if (reason.isPresent()) {
        return new Trouble(phase, reason.get(), detail(e, server));
      }
    }
    return error;
  }

  private static Optional<Cause> reason(Throwable e, InetSocketAddress server) {
    if (e instanceof PortUnreachableException) {
      return Optional.of(Cause.CONN_REFUSED);
    }
    if (e instanceof NoRouteToHostException) {
      return Optional.of(Cause.UNREACHABLE);
    }
    if (e instanceof ClosedChannelException) {
      return Optional.of(Cause.RESET);
    }
    var text = String.valueOf(e.getMessage());
    if (text.contains("assign requested address")) {
      // EADDRNOTAVAIL: no address of one's own that could reach an IPv6 one, else out of ports.
      return Optional.of(Cause.UNREACHABLE)
          .filter(c -> server.getAddress() instanceof Inet6Address);
    }
    return TEXTS.entrySet().stream()
        .filter(known -> text.contains(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static String detail(Throwable e, InetSocketAddress server) {
    var text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return DnsClient.text(server) + ": " + text;
  }
}
