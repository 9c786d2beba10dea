package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpServerTest {
  private static final String BANNER = "SSH-2.0-lab\r\n";

  private TcpServer server;

  @BeforeEach
  void start() {
    server = TcpServer.start(BANNER);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void healthyServiceGreetsAndEchoesOnEveryAddress() throws IOException {
    for (var address : server.addresses()) {
      try (var socket = connect(address)) {
        assertThat(read(socket, BANNER.length())).isEqualTo(BANNER);
        socket.getOutputStream().write("ping\n".getBytes(ISO_8859_1));
        assertThat(read(socket, 5)).isEqualTo("ping\n");
      }
    }
    assertThat(server.connections()).isEqualTo(server.addresses().size());
  }

  @Test
  void refuseClosesThePortAndItsConnections() throws IOException {
    try (var standing = connect(server.address())) {
      read(standing, BANNER.length());

      server.fault(TcpFault.REFUSE);

      assertThat(standing.getInputStream().read()).isEqualTo(-1);
      for (var address : server.addresses()) {
        assertThatThrownBy(() -> connect(address).close()).isInstanceOf(ConnectException.class);
      }
    }
  }

  @Test
  void dropLeavesSynsUnanswered() {
    server.fault(TcpFault.DROP);

    for (var address : server.addresses()) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> connect(address).close())
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
    assertThat(server.connections()).isZero();
  }

  @Test
  void everyFaultCanFollowEveryOther() throws IOException {
    for (var fault : TcpFault.values()) {
      for (var next : TcpFault.values()) {
        server.fault(fault);
        if (fault != TcpFault.DROP || next == TcpFault.NONE) {
          server.fault(next);
        }
      }
    }
    server.fault(TcpFault.NONE);
    try (var socket = connect(server.address())) {
      assertThat(read(socket, BANNER.length())).isEqualTo(BANNER);
    }
  }

  @Test
  void resetBreaksOffAfterTheAccept() {
    server.fault(TcpFault.RESET);

    assertThatThrownBy(() -> read(connect(server.address()), 1))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void resetOnDataGreetsAndBreaksOffAtTheFirstByte() throws IOException {
    server.fault(TcpFault.RESET_ON_DATA);

    try (var socket = connect(server.address())) {
      assertThat(read(socket, BANNER.length())).isEqualTo(BANNER);
      socket.getOutputStream().write('x');
      assertReset(socket);
    }
  }

  @Test
  void closeSendsNothing() throws IOException {
    server.fault(TcpFault.CLOSE);

    try (var socket = connect(server.address())) {
      socket.getOutputStream().write("hello\n".getBytes(ISO_8859_1));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void stallSendsNothing() throws IOException {
    server.fault(TcpFault.STALL);

    try (var socket = connect(server.address())) {
      socket.getOutputStream().write("hello\n".getBytes(ISO_8859_1));
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void delayGreetsLate() throws IOException {
    server.delay(ofMillis(300));
    server.fault(TcpFault.DELAY);

    long start = System.nanoTime();
    try (var socket = connect(server.address())) {
      assertThat(read(socket, BANNER.length())).isEqualTo(BANNER);
    }
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(ofMillis(299).toNanos());
  }

  @Test
  void garbageIsNotTheBanner() throws IOException {
    server.fault(TcpFault.GARBAGE);

    try (var socket = connect(server.address())) {
      assertThat(read(socket, 4)).isEqualTo("\u0000\u00ff\u0016\u0003");
    }
  }

  @Test
  void endlessGoesOnPastAnyBound() throws IOException {
    server.fault(TcpFault.ENDLESS);

    try (var socket = connect(server.address())) {
      assertThat(read(socket, 5_000_000)).hasSize(5_000_000).startsWith("endless");
    }
  }

  @Test
  void unreachableAddressesFailAtOnce() {
    for (var address : new String[] {Unreachable.IPV4, Unreachable.IPV6}) {
      assertThatThrownBy(() -> connect(new InetSocketAddress(address, 9)).close())
          .as(address)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("Network is unreachable");
    }
  }

  @Test
  void unreachableAddressForbidsUdp() throws IOException {
    try (var channel = java.nio.channels.DatagramChannel.open()) {
      channel.setOption(java.net.StandardSocketOptions.SO_BROADCAST, false);
      assertThatThrownBy(() -> channel.connect(new InetSocketAddress(Unreachable.IPV4, 9)))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("Permission denied");
    }
  }

  @Test
  void theLabStaysOnThisMachine() {
    assertThatThrownBy(() -> Bind.on(0, "0.0.0.0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a loopback address");
  }

  @Test
  void takenPortIsNamed() {
    assertThatThrownBy(() -> TcpServer.start("", Bind.on(server.port())))
        .hasMessageContaining("cannot listen on port " + server.port());
  }

  @Test
  void severalServersShareAPortOnTheirOwnAddresses() throws IOException {
    try (var one = TcpServer.start("one", Bind.on(0, "127.0.0.2"));
        var two = TcpServer.start("two", Bind.on(one.port(), "127.0.0.3"));
        var first = connect(one.address());
        var second = connect(two.address())) {
      assertThat(read(first, 3)).isEqualTo("one");
      assertThat(read(second, 3)).isEqualTo("two");
    }
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  private static String read(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), ISO_8859_1);
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(address, 500);
      socket.setSoTimeout(5000);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
