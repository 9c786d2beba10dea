package io.eksnet.lab.world;

import io.eksnet.lab.cluster.LabNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** A network on loopback that no other lab uses until this is closed. */
final class NetworkReservation implements AutoCloseable {
  private static final int MIN_VPC = 10;
  private static final int MAX_VPC = 49;
  private static final int LOCK_PORT = 9859;

  /** The metrics port of the VPC CNI, which agents cannot be configured to change. */
  private static final int IPAMD_PORT = 61_678;

  private final ServerSocket lock;
  private final LabNetwork network;

  private NetworkReservation(ServerSocket lock, LabNetwork network) {
    this.lock = lock;
    this.network = network;
  }

  /** Reserves the first free network, with ports that are free there. */
  static NetworkReservation acquire() {
    for (int vpc = MIN_VPC; vpc <= MAX_VPC; vpc++) {
      try {
        var lock = listen(vpc, LOCK_PORT);
        try {
          return new NetworkReservation(lock, network(vpc));
        } catch (IOException e) {
          lock.close();
          throw e;
        }
      } catch (IOException e) {
        // Another lab uses this network.
      }
    }
    throw new UncheckedIOException(
        new IOException("other labs use all networks from 127.10.0.0 to 127.49.0.0"));
  }

  LabNetwork network() {
    return network;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LabNetwork network(int vpc) throws IOException {
    var free = freePorts(vpc, 8);
    return new LabNetwork(
        vpc,
        portOr(vpc, 8080, free.get(0)),
        portOr(vpc, 53, free.get(1)),
        portOr(vpc, 80, free.get(2)),
        portOr(vpc, 80, free.get(3)),
        portOr(vpc, 9853, free.get(4)),
        portOr(vpc, 443, free.get(5)),
        IPAMD_PORT,
        portOr(vpc, 80, free.get(6)),
        free.get(7));
  }

  /** The port of a real cluster if this user may bind it, else the fallback. */
  private static int portOr(int vpc, int port, int fallback) {
    try (var socket = listen(vpc, port)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      return fallback;
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
