package io.eksnet.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.HostNames;
import io.eksnet.model.Outcome;
import io.eksnet.model.ResolvConf;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.dns.DnsKind;
import io.eksnet.probe.dns.DnsSettings;
import io.eksnet.probe.http.HttpKind;
import io.eksnet.probe.http.HttpSettings;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.SystemResolver;
import io.eksnet.probe.net.YamlSettings;
import io.eksnet.probe.tcp.TcpKind;
import io.eksnet.probe.tcp.TcpSettings;
import io.eksnet.probe.tls.TlsKind;
import io.eksnet.probe.tls.TlsProbeSettings;
import io.eksnet.schedule.VirtualTime;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Probes of real sockets on an event loop that is blocked, in virtual time. */
@Timeout(60)
class BlockedLoopTest {
  private static final Duration TIMEOUT = ofSeconds(4);
  private static final InetAddress LOOPBACK = AddressLiteral.parse("127.0.0.1").orElseThrow();
  private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final VirtualTime time = new VirtualTime();
  private ServerSocket tcp;
  private DatagramSocket udp;

  /** The probe kinds; each may probe a server that accepts and sends nothing. */
  enum Asked {
    TCP,
    TLS,
    HTTP,
    HTTPS,
    DNS_UDP,
    DNS_TCP,
    NAME
  }

  @BeforeEach
  void open() throws IOException {
    tcp = new ServerSocket(0, 50, LOOPBACK);
    tcp.setSoTimeout(20);
    udp = new DatagramSocket(0, LOOPBACK);
  }

  @AfterEach
  void close() throws IOException {
    tcp.close();
    udp.close();
  }

  private Future<Outcome> run(Asked kind) {
    var probe = probe(kind, time.network());
    if (kind == Asked.TLS || kind == Asked.HTTPS) {
      loadTrustedCertificates(probe, kind);
    }
    return probe.run(target(kind), TIMEOUT);
  }

  /** Another thread reads them at the first run, which virtual time does not wait for. */
  private void loadTrustedCertificates(Probe probe, Asked kind) {
    probe.run(target(kind), TIMEOUT);
    for (var connected = false; !connected; ) {
      time.run();
      try (var socket = tcp.accept()) {
        connected = socket.isConnected();
      } catch (SocketTimeoutException e) {
        // not yet
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    time.advance(TIMEOUT);
  }

  private Target target(Asked kind) {
    return switch (kind) {
      case HTTP -> new HttpKind().target(url("http"), HttpSettings.DEFAULT);
      case HTTPS -> new HttpKind().target(url("https"), HttpSettings.DEFAULT);
      case DNS_UDP -> Target.of("ns", "127.0.0.1", udp.getLocalPort());
      case NAME -> Target.of("t", "shop.example", tcp.getLocalPort());
      default -> Target.of("t", "127.0.0.1", tcp.getLocalPort());
    };
  }

  private String url(String scheme) {
    return scheme + "://127.0.0.1:" + tcp.getLocalPort() + "/";
  }

  private Probe probe(Asked kind, Network network) {
    return switch (kind) {
      case TCP -> new TcpKind().create(expecting("."), network);
      case TLS -> new TlsKind().create(TlsProbeSettings.DEFAULT, network);
      case HTTP, HTTPS -> new HttpKind().create(HttpSettings.DEFAULT, network);
      case DNS_UDP -> new DnsKind().create(DnsSettings.of("a.example", "A"), network);
      case DNS_TCP -> new DnsKind().create(DnsSettings.of("a.example", "A").overTcp(), network);
      case NAME -> {
        var conf = new ResolvConf(List.of("127.0.0.1"), List.of(), 1);
        var names = new HostNames(conf, Map.of());
        var resolver = new SystemResolver(() -> names, udp.getLocalPort());
        yield new TcpKind().create(TcpSettings.DEFAULT, Network.on(network.loop(), resolver));
      }
    };
  }

  private static TcpSettings expecting(String regex) {
    return YamlSettings.of(TcpSettings.class, "expect: ['%s']".formatted(regex));
  }

  /** A prober that is stopped for a tenth of the time, as under SIGSTOP or a CPU quota. */
  @ParameterizedTest
  @EnumSource(Asked.class)
  void silenceIsATimeoutAlthoughTheLoopStallsNowAndThen(Asked kind) {
    var outcome = run(kind);
    for (var passed = 0; passed < 5_600; passed += 1_400) {
      time.advance(ofMillis(1_250));
      time.block(ofMillis(150));
    }
    time.run();

    assertTimeout(time.await(outcome));
  }

  @ParameterizedTest
  @EnumSource(Asked.class)
  void silenceIsATimeoutAlthoughTheLoopWasBlockedPastTheDeadline(Asked kind) {
    var outcome = run(kind);
    for (var turn = 0; turn < 4; turn++) {
      time.advance(ofMillis(30));
      time.block(ofSeconds(7));
    }
    time.run();

    assertTimeout(time.await(outcome));
  }

  @Test
  void keepsAResponseThatArrivedWhileTheLoopWasBlocked() throws IOException {
    var outcome = run(Asked.HTTP);
    time.advance(ofMillis(1));
    try (var socket = tcp.accept()) {
      readRequest(socket);
      socket.getOutputStream().write(RESPONSE.getBytes(ISO_8859_1));
      time.block(ofSeconds(60));
      time.run();
    }
    time.advance(ofSeconds(1));

    assertThat(time.await(outcome).succeeded()).isTrue();
  }

  @Test
  void keepsAResetThatArrivedWhileTheLoopWasBlocked() throws IOException {
    var outcome = run(Asked.HTTP);
    time.advance(ofMillis(1));
    try (var socket = tcp.accept()) {
      readRequest(socket);
      socket.setSoLinger(true, 0);
    }
    time.block(ofSeconds(60));
    time.run();

    assertThat(time.await(outcome).label()).isEqualTo("reset");
  }

  @Test
  void keepsADatagramThatArrivedWhileTheLoopWasBlocked() throws IOException {
    var outcome = run(Asked.DNS_UDP);
    time.advance(ofMillis(1));
    var query = new DatagramPacket(new byte[512], 512);
    udp.receive(query);
    var response = query.getData();
    response[2] |= (byte) 0x80; // QR: a response (RFC 1035 section 4.1.1)
    response[3] = 3; // NXDOMAIN
    response[10] = 0; // no additional section, which held the EDNS option
    response[11] = 0;
    udp.send(new DatagramPacket(response, query.getLength() - 11, query.getSocketAddress()));
    time.block(ofSeconds(60));
    time.run();

    assertThat(time.await(outcome).label()).isEqualTo("nxdomain");
  }

  /** The peer gets half of the timeout for a request that left late, and no more. */
  @Test
  void waitsForTheResponseToARequestThatLeftLate() throws IOException {
    var outcome = run(Asked.HTTP);
    time.block(ofMillis(4_100));
    time.run();
    try (var socket = tcp.accept()) {
      readRequest(socket);
      time.advance(ofMillis(1_900));
      assertThat(outcome.isComplete()).isFalse();
      socket.getOutputStream().write(RESPONSE.getBytes(ISO_8859_1));
      time.advance(ofMillis(1));
    }
    time.advance(ofSeconds(1));

    assertThat(time.await(outcome).succeeded()).isTrue();
  }

  @Test
  void silenceAfterARequestThatLeftLateIsATimeout() throws IOException {
    var outcome = run(Asked.HTTP);
    time.block(ofMillis(4_100));
    time.run();
    try (var socket = tcp.accept()) {
      readRequest(socket);
      time.advance(ofMillis(2_001));
    }

    assertTimeout(time.await(outcome));
  }

  @Test
  void theTimeoutIsExactOnAnIdleLoop() throws IOException {
    var outcome = run(Asked.TCP);
    time.advance(ofMillis(1));
    try (var socket = tcp.accept()) {
      time.advance(ofMillis(3_900));
      socket.getOutputStream().write('\n');
      time.advance(ofMillis(98));
      assertThat(outcome.isComplete()).isFalse();
      time.advance(ofMillis(2));
    }

    assertThat(time.await(outcome).label()).isEqualTo("wrong_answer");
  }

  private static void assertTimeout(Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failure.class,
            failure -> assertThat(failure.cause()).as(failure.detail()).isEqualTo(Cause.TIMEOUT));
  }

  private static void readRequest(Socket socket) throws IOException {
    var request = new StringBuilder();
    while (!request.toString().endsWith("\r\n\r\n")) {
      request.append((char) socket.getInputStream().read());
    }
  }
}
