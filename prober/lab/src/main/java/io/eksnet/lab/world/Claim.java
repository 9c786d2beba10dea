package io.eksnet.lab.world;

import io.eksnet.lab.cluster.Ground;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** A network on loopback that no other lab uses while this is held. */
final class Claim implements AutoCloseable {
  private static final int FIRST = 10;
  private static final int LAST = 49;
  private static final int PORT = 9859;

  /** The port of the address manager of the VPC CNI; agents look nowhere else. */
  private static final int IPAMD = 61_678;

  private final ServerSocket held;
  private final Ground ground;

  private Claim(ServerSocket held, Ground ground) {
    this.held = held;
    this.ground = ground;
  }

  /** The first network that is free, with the first ports that are free there. */
  static Claim take() {
    for (int vpc = FIRST; vpc <= LAST; vpc++) {
      try {
        var held = listen(vpc, PORT);
        try {
          return new Claim(held, ground(vpc));
        } catch (IOException e) {
          held.close();
          throw e;
        }
      } catch (IOException e) {
        // Another lab has this one.
      }
    }
    throw new UncheckedIOException(
        new IOException("all networks from 127.10.0.0 to 127.49.0.0 are taken by other labs"));
  }

  Ground ground() {
    return ground;
  }

  @Override
  public void close() {
    try {
      held.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Ground ground(int vpc) throws IOException {
    var free = freePorts(vpc, 8);
    return new Ground(
        vpc,
        own(vpc, 8080, free.get(0)),
        own(vpc, 53, free.get(1)),
        own(vpc, 80, free.get(2)),
        own(vpc, 80, free.get(3)),
        own(vpc, 9853, free.get(4)),
        own(vpc, 443, free.get(5)),
        IPAMD,
        own(vpc, 80, free.get(6)),
        free.get(7));
  }

  /** The port that it has in a real cluster, where this user may listen there; else another. */
  private static int own(int vpc, int port, int other) {
    try (var socket = listen(vpc, port)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      return other;
    }
  }

  private static List<Integer> freePorts(int vpc, int count) throws IOException {
    var sockets = new ArrayList<ServerSocket>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(listen(vpc, 0));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  private static ServerSocket listen(int vpc, int port) throws IOException {
    var socket = new ServerSocket();
    try {
      var address = InetAddress.getByAddress(new byte[] {127, (byte) vpc, (byte) 255, (byte) 254});
      socket.bind(new InetSocketAddress(address, port), 1);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
