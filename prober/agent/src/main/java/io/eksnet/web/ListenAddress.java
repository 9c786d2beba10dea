package io.eksnet.web;

import io.eksnet.model.HostPort;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.regex.Pattern;

/**
 * The address of a server socket.
 *
 * @param host a name or an address literal without brackets; empty: all local addresses
 * @param port 0: any free port
 */
public record ListenAddress(String host, int port) {
  private static final Pattern FORMAT = Pattern.compile("(\\[[^\\[\\]]+]|[^:\\[\\]]*):(\\d{1,5})");

  public ListenAddress {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("the port must be 0 to 65535, not " + port);
    }
  }

  /** From {@code :9853}, {@code 127.0.0.1:9853}, {@code [::1]:9853}. */
  public static ListenAddress parse(String text) {
    var match = FORMAT.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a listen address; use host:port, [IPv6]:port or :port");
    }
    return new ListenAddress(
        HostPort.withoutBrackets(match.group(1)), Integer.parseInt(match.group(2)));
  }

  /** The address to bind: all of both families on a machine with IPv6. */
  String bindHost() {
    if (!host.isEmpty()) {
      return host;
    }
    return hasIp6() ? "::" : "0.0.0.0";
  }

  @Override
  public String toString() {
    return new HostPort(host, port).toString();
  }

  private static boolean hasIp6() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .anyMatch(Inet6Address.class::isInstance);
    } catch (SocketException e) {
      return false;
    }
  }
}
