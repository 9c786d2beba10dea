package io.eksnet.lab;

import static java.util.stream.Collectors.joining;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/** The port and the addresses of a server; port 0 is a free port. */
public record Bind(int port, List<InetAddress> addresses) {
  private static final int MAX_ATTEMPTS = 50;

  public Bind {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
    }
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("a server needs an address");
    }
    for (var address : addresses) {
      if (!address.isLoopbackAddress()) {
        throw new IllegalArgumentException(address.getHostAddress() + " is not a loopback address");
      }
    }
    addresses = List.copyOf(addresses);
  }

  /** A free port of 127.0.0.1, and of ::1 if it exists. */
  public static Bind free() {
    return on(0);
  }

  /** A port of 127.0.0.1, and of ::1 if it exists. */
  public static Bind on(int port) {
    return new Bind(port, Loopback.ADDRESSES);
  }

  /** A port of these addresses; on Linux all of 127.0.0.0/8 can be used. */
  public static Bind on(int port, String... addresses) {
    return new Bind(port, Stream.of(addresses).map(Bind::literal).toList());
  }

  List<InetSocketAddress> sockets() {
    return addresses.stream().map(address -> new InetSocketAddress(address, port)).toList();
  }

  /** Opens sockets on the port, or on a port that is free on all addresses. */
  <T> T claim(Opening<T> opening) {
    try {
      return port == 0 ? claimFree(opening) : opening.open(this);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on port " + port + " of " + describeAddresses() + ": " + e.getMessage(),
          e);
    }
  }

  private <T> T claimFree(Opening<T> opening) throws IOException {
    var last = new BindException("no free port on all of " + describeAddresses());
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      try {
        return opening.open(new Bind(freePort(), addresses));
      } catch (BindException e) {
        last = e;
      }
    }
    throw last;
  }

  private String describeAddresses() {
    return addresses.stream().map(NetUtil::toAddressString).collect(joining(" and "));
  }

  private int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, addresses.get(0))) {
      return socket.getLocalPort();
    }
  }

  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address + " is not an IP address", e);
    }
  }

  /** Opens sockets on a fixed port; closes them if it throws. */
  interface Opening<T> {
    T open(Bind bind) throws IOException;
  }

  private static final class Loopback {
    static final List<InetAddress> ADDRESSES =
        Stream.of("127.0.0.1", "::1").map(Bind::literal).filter(Loopback::present).toList();

    private static boolean present(InetAddress address) {
      try (var socket = new ServerSocket(0, 1, address)) {
        return socket.isBound();
      } catch (IOException e) {
        return false;
      }
    }
  }
}
