package io.eksnet.probe.tcp;

import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.RawServer;
import io.eksnet.probe.net.YamlSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpProbeTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Bench bench =
      Bench.with(
          Map.of(
              "two.test", List.of("127.0.0.1", "127.0.0.2"),
              "both.test", List.of("127.0.0.1", "::1"),
              "silent.test", List.of()));

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void succeedsOnConnectWithConnectPhaseOnly() throws IOException {
    try (var server = RawServer.of(socket -> {})) {
      var outcome = success(run(TcpSettings.DEFAULT, "127.0.0.1", server.port(), TIMEOUT));

      assertThat(outcome.timings().phases()).containsOnlyKeys(Phase.CONNECT);
      assertThat(outcome.timings().totalNanos())
          .isGreaterThanOrEqualTo(outcome.timings().nanos(Phase.CONNECT));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reportsClosedPortAsRefused(boolean nativeSockets) throws IOException {
    try (var own = Bench.with(nativeSockets, Map.of())) {
      var probe = new TcpKind().create(TcpSettings.DEFAULT, own.network());

      var failure = failure(await(probe.run(Target.of("t", "127.0.0.1", closedPort()), TIMEOUT)));

      assertThat(failure.cause()).isEqualTo(Cause.CONN_REFUSED);
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
      assertThat(failure.timings().phases()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reportsBroadcastAddressAsUnreachable(boolean nativeSockets) {
    try (var own = Bench.with(nativeSockets, Map.of())) {
      var probe = new TcpKind().create(TcpSettings.DEFAULT, own.network());

      var failure = failure(await(probe.run(Target.of("t", "255.255.255.255", 80), TIMEOUT)));

      assertThat(failure.cause()).isEqualTo(Cause.UNREACHABLE);
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
    }
  }

  @Test
  void reportsDroppedSynAsTimeoutInConnect() throws IOException {
    try (var full = new FullBacklog()) {
      var failure = failure(run(TcpSettings.DEFAULT, "127.0.0.1", full.port(), SHORT));

      assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
      assertThat(failure.timings().totalNanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
    }
  }

  @Test
  void reportsUnknownNameInResolve() {
    var failure = failure(run(TcpSettings.DEFAULT, "nowhere.test", 80, TIMEOUT));

    assertThat(failure.cause()).isEqualTo(Cause.NXDOMAIN);
    assertThat(failure.phase()).isEqualTo(Phase.RESOLVE);
  }

  @Test
  void reportsSilentNameServerAsTimeoutInResolve() {
    var failure = failure(run(TcpSettings.DEFAULT, "silent.test", 80, SHORT));

    assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
    assertThat(failure.phase()).isEqualTo(Phase.RESOLVE);
  }

  @Test
  void succeedsOnExpectedResponseToPayload() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              var in = socket.getInputStream();
              var line = new String(in.readNBytes(6), StandardCharsets.US_ASCII);
              RawServer.say(socket, line.equals("PING\r\n") ? "+PO" : "-ERR");
              RawServer.say(socket, "NG\r\n");
              in.read();
            })) {
      var settings = talking("PING\\r\\n", "^\\+PONG");

      var outcome = success(run(settings, "127.0.0.1", server.port(), TIMEOUT));

      assertThat(outcome.timings().phases()).containsOnlyKeys(Phase.CONNECT, Phase.PROCESSING);
    }
  }

  @Test
  void reportsMismatchAtDeadlineAsWrongAnswer() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.say(socket, "-ERR\r\n");
              socket.getInputStream().readAllBytes();
            })) {
      var failure = failure(run(talking("PING\\n", "PONG"), "127.0.0.1", server.port(), SHORT));

      assertThat(failure.cause()).isEqualTo(Cause.WRONG_ANSWER);
      assertThat(failure.phase()).isEqualTo(Phase.PROCESSING);
      assertThat(failure.detail()).contains("no match of \"PONG\"").doesNotContain("-ERR");
    }
  }

  @Test
  void findsMatchAfterManySmallReads() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              socket.setTcpNoDelay(true);
              for (int i = 0; i < 64; i++) {
                RawServer.say(socket, ".");
                Thread.sleep(3); // so that each is a piece of its own
              }
              RawServer.say(socket, "OK\r\n");
              socket.getInputStream().read();
            })) {
      var timers = bench.timers();

      var outcome = success(run(listening("OK"), "127.0.0.1", server.port(), TIMEOUT));

      assertThat(outcome.timings().totalNanos()).isLessThan(TIMEOUT.toNanos());
      assertThat(bench.timers()).isEqualTo(timers);
    }
  }

  @Test
  void reportsMismatchAtCloseAsWrongAnswer() throws IOException {
    try (var server = RawServer.of(socket -> RawServer.say(socket, "220 mail\r\n"))) {
      var failure = failure(run(listening("^SSH-"), "127.0.0.1", server.port(), TIMEOUT));

      assertThat(failure.cause()).isEqualTo(Cause.WRONG_ANSWER);
    }
  }

  @Test
  void reportsSilencePastConnectAsTimeoutInProcessing() throws IOException {
    try (var server = RawServer.of(socket -> socket.getInputStream().read())) {
      var failure = failure(run(listening("SSH"), "127.0.0.1", server.port(), SHORT));

      assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(failure.phase()).isEqualTo(Phase.PROCESSING);
      assertThat(failure.timings().phases()).containsOnlyKeys(Phase.CONNECT);
    }
  }

  @Test
  void reportsCloseWithoutDataAsReset() throws IOException {
    try (var server = RawServer.of(socket -> {})) {
      var failure = failure(run(listening("SSH"), "127.0.0.1", server.port(), TIMEOUT));

      assertThat(failure.cause()).isEqualTo(Cause.RESET);
      assertThat(failure.phase()).isEqualTo(Phase.PROCESSING);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reportsRstAsReset(boolean nativeSockets) throws IOException {
    try (var own = Bench.with(nativeSockets, Map.of());
        var server =
            RawServer.of(
                socket -> {
                  socket.getInputStream().read();
                  RawServer.reset(socket);
                })) {
      var probe = new TcpKind().create(talking("hello", "SSH"), own.network());

      var failure = failure(await(probe.run(Target.of("t", "127.0.0.1", server.port()), TIMEOUT)));

      assertThat(failure.cause()).isEqualTo(Cause.RESET);
    }
  }

  @Test
  void failsAboveMaxBytesWithoutMatch() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              while (true) {
                RawServer.say(socket, "x".repeat(1000));
              }
            })) {
      var failure = failure(run(listening("SSH"), "127.0.0.1", server.port(), TIMEOUT));

      assertThat(failure.cause()).isEqualTo(Cause.TOO_LARGE);
      assertThat(failure.detail()).isEqualTo("no match of \"SSH\" in the first 16384 bytes");
    }
  }

  @Test
  void reportsEachAddressOnItsOwn() throws IOException {
    try (var server = RawServer.on("127.0.0.2", 0, socket -> {})) {
      var settings = TcpSettings.DEFAULT.with(AddressSelection.ALL);

      var outcome = run(settings, "two.test", server.port(), TIMEOUT);

      assertThat(outcome).isInstanceOf(Outcome.Several.class);
      var parts = ((Outcome.Several) outcome).parts();
      assertThat(parts).extracting(Outcome.Part::address).containsExactly("127.0.0.1", "127.0.0.2");
      assertThat(failure(parts.get(0).outcome()).cause()).isEqualTo(Cause.CONN_REFUSED);
      assertThat(success(parts.get(1).outcome()).timings().phases())
          .containsOnlyKeys(Phase.RESOLVE, Phase.CONNECT);
    }
  }

  @Test
  void usesFirstAddress() throws IOException {
    try (var server = RawServer.on("127.0.0.1", 0, socket -> {})) {
      var outcome = run(TcpSettings.DEFAULT, "two.test", server.port(), TIMEOUT);

      assertThat(success(outcome).timings().phases())
          .containsOnlyKeys(Phase.RESOLVE, Phase.CONNECT);
      assertThat(Bench.attributes(outcome, "addresses")).containsExactly("127.0.0.1, 127.0.0.2");
    }
  }

  @Test
  void selectsAddressesByFamily() throws IOException {
    try (var server = RawServer.on("::1", 0, socket -> {})) {
      var settings = YamlSettings.of(TcpSettings.class, "family: ip6");

      success(run(settings, "both.test", server.port(), TIMEOUT));

      assertThat(failure(run(settings, "127.0.0.1", server.port(), TIMEOUT)).cause())
          .isEqualTo(Cause.NODATA);
    }
  }

  @Test
  void leaksNoSocketAndNoTimer() throws IOException {
    var probe = new TcpKind().create(listening("SSH"), bench.network());
    try (var server = RawServer.of(RawServer::reset)) {
      var targets =
          List.of(
              Target.of("a", "127.0.0.1", server.port()),
              Target.of("b", "127.0.0.1", closedPort()),
              Target.of("c", "nowhere.test", 80));
      await(probe.run(targets.get(0), TIMEOUT));
      var sockets = Bench.sockets();
      var timers = bench.timers();

      for (int i = 0; i < 1000; i++) {
        failure(await(probe.run(targets.get(i % 3), TIMEOUT)));
      }

      assertThat(bench.timers()).isEqualTo(timers);
      Bench.awaitSockets(sockets + 2);
    }
  }

  @Test
  void parsesHostAndPort() {
    var kind = new TcpKind();

    assertThat(kind.target("[::1]:22", TcpSettings.DEFAULT))
        .isEqualTo(Target.of("[::1]:22", "::1", 22));
    assertThat(kind.target("Bücher.example:22", TcpSettings.DEFAULT).host())
        .isEqualTo("xn--bcher-kva.example");
    assertThatThrownBy(() -> kind.target("db.internal", TcpSettings.DEFAULT))
        .hasMessage(
            "the target \"db.internal\" has no port; write host:port, as in db.internal:5432");
    assertThatThrownBy(() -> kind.target("fd00::1:22", TcpSettings.DEFAULT))
        .hasMessageContaining("in brackets");
    assertThatThrownBy(() -> kind.target("db:0", TcpSettings.DEFAULT))
        .hasMessage("the port of \"db:0\" must be 1 to 65535, not 0");
    assertThatThrownBy(() -> kind.target("a b:22", TcpSettings.DEFAULT))
        .hasMessageContaining("is not a host");
  }

  @Test
  void unescapesPayloads() {
    assertThat(TcpSettings.unescape("a\\r\\n\\t\\\\\\x00é"))
        .isEqualTo("a\r\n\t\\\0Ã©"); // the bytes of é in UTF-8
    assertThatThrownBy(() -> talking("\\q", "x")).hasMessageContaining("starts no escape");
  }

  private static Outcome run(TcpSettings settings, String host, int port, Duration timeout) {
    var probe = new TcpKind().create(settings, bench.network());
    return await(probe.run(Target.of("target", host, port), timeout));
  }

  private static TcpSettings talking(String send, String expect) {
    return YamlSettings.of(TcpSettings.class, "send: '%s'\nexpect: ['%s']".formatted(send, expect));
  }

  private static TcpSettings listening(String expect) {
    return YamlSettings.of(TcpSettings.class, "expect: ['%s']".formatted(expect));
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  /** A listener that accepts nobody and whose queue is full: Linux then drops further SYNs. */
  private static final class FullBacklog implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
    private final List<Socket> waiting = new java.util.ArrayList<>();

    FullBacklog() throws IOException {
      for (int i = 0; i < 3; i++) {
        var socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(listener.getLocalSocketAddress(), 100);
        } catch (java.net.SocketTimeoutException e) {
          return;
        }
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (var socket : waiting) {
        socket.close();
      }
      listener.close();
    }
  }
}
