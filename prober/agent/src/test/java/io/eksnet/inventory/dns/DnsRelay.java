package io.eksnet.inventory.dns;

import io.eksnet.lab.DnsServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Passes queries over UDP on to name servers, each to the one that is chosen for it. */
final class DnsRelay implements AutoCloseable {
  /** Who answers the query for a name that is the nth of its name and type, from 1 on. */
  interface Choice {
    DnsServer of(String name, int nth);
  }

  private static final int HEADER = 12;
  private static final int READ_TIMEOUT_MILLIS = 5_000;

  private final DatagramSocket door;
  private final Choice choice;
  private final Map<String, Integer> asked = new HashMap<>();
  private final Thread thread = new Thread(this::relay, "dns-relay");

  private DnsRelay(Choice choice) throws IOException {
    this.choice = choice;
    door = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    thread.setDaemon(true);
  }

  static DnsRelay to(Choice choice) throws IOException {
    var relay = new DnsRelay(choice);
    relay.thread.start();
    return relay;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) door.getLocalSocketAddress();
  }

  private void relay() {
    while (!door.isClosed()) {
      try {
        pass();
      } catch (IOException e) {
        if (!door.isClosed()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private void pass() throws IOException {
    var packet = new DatagramPacket(new byte[512], 512);
    door.receive(packet);
    var query = Arrays.copyOf(packet.getData(), packet.getLength());
    var question = new String(query, HEADER, query.length - HEADER, StandardCharsets.ISO_8859_1);
    var server = choice.of(name(query), asked.merge(question, 1, Integer::sum));
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(READ_TIMEOUT_MILLIS);
      socket.send(new DatagramPacket(query, query.length, server.addresses().get(0)));
      var answer = new DatagramPacket(new byte[4096], 4096);
      socket.receive(answer);
      door.send(
          new DatagramPacket(answer.getData(), answer.getLength(), packet.getSocketAddress()));
    }
  }

  private static String name(byte[] query) {
    var name = new StringBuilder();
    for (var at = HEADER; query[at] > 0; at += query[at] + 1) {
      name.append(name.isEmpty() ? "" : ".")
          .append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
    }
    return name.toString();
  }

  @Override
  public void close() {
    door.close();
  }
}
