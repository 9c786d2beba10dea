package io.eksnet.inventory.aws;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** The programs that {@link KernelNetwork} runs in its namespaces. */
final class ConnectionAttempts {
  private static final int BACKLOG = 4_096;

  /** Longer than until the first repeated SYN, after 1 s (RFC 6298, section 2.1). */
  private static final long QUIET_MILLIS = 1_300;

  private ConnectionAttempts() {}

  /** {@code listen}, or {@code connect} with the files of the attempts and of their results. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("listen")) {
      listen();
    } else {
      connect(Path.of(args[1]), Path.of(args[2]));
    }
  }

  /** The kernel completes connections that nobody accepts. */
  private static void listen() throws Exception {
    try (var socket = new ServerSocket(RandomPath.PORT, BACKLOG)) {
      while (socket.isBound()) {
        Thread.sleep(1_000);
      }
    }
  }

  private static void connect(Path attempts, Path results) throws IOException {
    var lines = new ArrayList<String>();
    try (var selector = Selector.open()) {
      for (var line : Files.readAllLines(attempts)) {
        var parts = line.split(" ");
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        try {
          channel.bind(new InetSocketAddress(parts[1], Integer.parseInt(parts[2])));
          channel.connect(new InetSocketAddress(parts[3], RandomPath.PORT));
          channel.register(selector, SelectionKey.OP_CONNECT, parts[0]);
        } catch (IOException e) {
          lines.add(parts[0] + " false"); // no route, or a port that another attempt uses
        }
      }
      while (selector.select(key -> lines.add(result(key)), QUIET_MILLIS) > 0) {
        // until nothing happens any more
      }
      selector.keys().stream()
          .filter(SelectionKey::isValid)
          .forEach(key -> lines.add(key.attachment() + " false"));
    }
    Files.write(results, lines);
  }

  private static String result(SelectionKey key) {
    var connected = false;
    try {
      connected = ((SocketChannel) key.channel()).finishConnect();
    } catch (IOException e) {
      // refused or unreachable
    }
    key.cancel();
    return key.attachment() + " " + connected;
  }
}
