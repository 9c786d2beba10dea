package io.eksnet.probe.http;

import static io.eksnet.probe.http.TestHttpSettings.get;
import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static io.eksnet.probe.net.RawServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.Certs;
import io.eksnet.probe.net.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Certs authority = new Certs("authority");

  private static final String TO_TLS =
      "HTTP/1.1 301 X\r\nLocation: https://shop.test/\r\nContent-Length: 0\r\n\r\n";

  /** The names of the targets are known to the proxy only. */
  private static final Bench bench = Bench.with(Map.of("proxy.test", List.of("127.0.0.1")));

  @TempDir private Path files;

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void sendsTheWholeUrlOfPlainTargets() throws IOException {
    try (var proxy = recording(OK)) {
      var outcome = success(run(through(proxy), "http://shop.test/a?b"));

      assertThat(proxy.requests().get(0))
          .startsWith("GET http://shop.test/a?b HTTP/1.1\r\nHost: shop.test\r\n")
          .doesNotContain("Proxy-Authorization");
      assertThat(Bench.attributes(outcome, "proxy")).containsExactly("proxy.test:" + proxy.port());
    }
  }

  @Test
  void reachesSecureTargetsThroughATunnel() throws IOException {
    try (var target =
            RawServer.tls(Certs.server(authority.leaf(Certs.MONTH, "shop.test")), answer(OK));
        var proxy = tunnel(target)) {
      var settings =
          through(proxy)
              .trusting(authority.rootFile(files))
              .overTls(true)
              .with(s -> s.proxyConnectHeaders(Map.of("X-Team", "net")))
              .with(s -> s.proxyBasicAuth(new BasicAuth("probe", secret("s3cr3t"))));

      var outcome = success(run(settings, "https://shop.test:8443/"));

      assertThat(proxy.requests().get(0))
          .startsWith("CONNECT shop.test:8443 HTTP/1.1\r\nHost: shop.test:8443\r\n")
          .contains("X-Team: net\r\n", "Proxy-Authorization: Basic cHJvYmU6czNjcjN0\r\n");
      assertThat(outcome.timings().phases())
          .containsOnlyKeys(
              Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.PROCESSING, Phase.TRANSFER);
      assertThat(outcome.toString()).doesNotContain("s3cr3t").doesNotContain("cHJvYmU6czNjcjN0");
    }
  }

  @Test
  void verifiesTheTargetBehindTheTunnel() throws IOException {
    try (var target =
            RawServer.tls(Certs.server(authority.leaf(Certs.MONTH, "other.test")), answer(OK));
        var proxy = tunnel(target)) {
      var failure =
          failure(run(through(proxy).trusting(authority.rootFile(files)), "https://shop.test/"));

      assertThat(failure.cause()).isEqualTo(Cause.TLS_NAME);
    }
  }

  @ParameterizedTest
  @CsvSource({"407", "403", "502", "503", "302"})
  void blamesTheProxyForARefusedTunnel(int status) throws IOException {
    try (var proxy = recording("HTTP/1.1 " + status + " X\r\nContent-Length: 5\r\n\r\nsorry")) {
      var failure = failure(run(through(proxy), "https://shop.test/"));

      assertThat(failure.cause()).isEqualTo(Cause.PROXY_FAILED);
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
      assertThat(failure.detail())
          .isEqualTo("the proxy answered with status " + status + " to CONNECT shop.test:443");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200", "SSH-2.0-OpenSSH_9.2\r\n\r\n"})
  void blamesTheProxyForABrokenTunnel(String response) throws IOException {
    try (var proxy = recording(response)) {
      assertThat(failure(run(through(proxy), "https://shop.test/")).cause())
          .isEqualTo(Cause.PROXY_FAILED);
    }
  }

  @Test
  void doesNotBlameTheTargetForAProxyThatCannotBeReached() throws IOException {
    var closed = RawServer.of(answer(OK));
    closed.close();
    var refused = failure(run(through(closed), "http://shop.test/"));
    var unknown =
        failure(run(get().with(s -> s.proxyUrl("http://nowhere.test")), "http://shop.test/"));

    assertThat(refused.cause()).isEqualTo(Cause.PROXY_FAILED);
    assertThat(refused.detail())
        .startsWith("the proxy proxy.test:" + closed.port() + " cannot be reached: ");
    assertThat(unknown.cause()).isEqualTo(Cause.PROXY_FAILED);
    assertThat(unknown.phase()).isEqualTo(Phase.RESOLVE);
  }

  @Test
  void reportsAProxyThatKeepsSilentAsTimeout() throws IOException {
    try (var proxy = RawServer.of(socket -> socket.getInputStream().readAllBytes())) {
      var probe = TestHttpSettings.probe(through(proxy).settings(), bench);
      var failure =
          failure(await(probe.run(TestHttpSettings.target("https://shop.test/"), SHORT_TIMEOUT)));

      assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
    }
  }

  @Test
  void requiresCredentialsForPlainTargets() throws IOException {
    try (var proxy = recording("HTTP/1.1 407 X\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(failure(run(through(proxy), "http://shop.test/")).cause())
          .isEqualTo(Cause.PROXY_FAILED);
    }
  }

  @Test
  void reachesOtherHostsWithoutTheProxy() throws IOException {
    try (var proxy = recording(OK);
        var target = recording(OK)) {
      var settings = through(proxy).with(s -> s.noProxy(List.of("proxy.test")));

      success(run(settings, "http://proxy.test:" + target.port() + "/"));

      assertThat(proxy.requests()).isEmpty();
      assertThat(target.requests().get(0)).startsWith("GET / ");
    }
  }

  @Test
  void followsRedirectsThroughTheProxyWithoutCredentialsOfOtherOrigins() throws IOException {
    try (var target =
            RawServer.tls(Certs.server(authority.leaf(Certs.MONTH, "shop.test")), answer(OK));
        var proxy = tunnel(target)) {
      var settings =
          through(proxy)
              .trusting(authority.rootFile(files))
              .overTls(true)
              .with(s -> s.bearerTokenFile(secret("token-1")));

      success(run(settings, "http://shop.test/"));

      assertThat(proxy.requests()).hasSize(2);
      assertThat(proxy.requests().get(0)).startsWith("GET http://shop.test/ ").contains("token-1");
      assertThat(proxy.requests().get(1))
          .startsWith("CONNECT shop.test:443 ")
          .doesNotContain("token-1");
    }
  }

  @Test
  void usesTheProxyOfTheEnvironment() throws IOException {
    try (var proxy = recording(OK)) {
      var environment =
          new ProxyEnvironment(Map.of("http_proxy", "http://u:p@proxy.test:" + proxy.port()));
      var settings = get().with(s -> s.proxyFromEnvironment(true)).settings();
      var probe = new HttpKind(environment).create(settings, bench.network());

      success(await(probe.run(TestHttpSettings.target("http://shop.test/"), TIMEOUT)));

      assertThat(proxy.requests().get(0))
          .startsWith("GET http://shop.test/ ")
          .contains("Proxy-Authorization: Basic dTpw\r\n");
    }
  }

  @Test
  void leaksNoSocket() throws IOException {
    try (var refusing = recording("HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n")) {
      var probe = TestHttpSettings.probe(through(refusing).settings(), bench);
      failure(await(probe.run(TestHttpSettings.target("https://shop.test/"), TIMEOUT)));
      var sockets = Bench.sockets();
      var timers = bench.timers();

      for (int i = 0; i < 100; i++) {
        failure(await(probe.run(TestHttpSettings.target("https://shop.test/"), TIMEOUT)));
      }

      Bench.awaitSockets(sockets + 6);
      assertThat(bench.timers()).isEqualTo(timers);
    }
  }

  private static TestHttpSettings through(RawServer proxy) {
    return get().with(s -> s.proxyUrl("http://proxy.test:" + proxy.port()));
  }

  private static Outcome run(TestHttpSettings given, String url) {
    return await(
        TestHttpSettings.probe(given.settings(), bench).run(TestHttpSettings.target(url), TIMEOUT));
  }

  private Path secret(String text) {
    try {
      return Files.writeString(files.resolve("secret"), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static RawServer recording(String response) {
    var server = new RawServer[1];
    server[0] =
        RawServer.of(
            socket -> {
              server[0].record(RawServer.request(socket.getInputStream()));
              RawServer.say(socket, response);
            });
    return server[0];
  }

  /** A proxy that connects every tunnel to {@code target}, and redirects other requests. */
  private static RawServer tunnel(RawServer target) {
    var server = new RawServer[1];
    server[0] =
        RawServer.of(
            socket -> {
              var request = RawServer.request(socket.getInputStream());
              server[0].record(request);
              if (!request.startsWith("CONNECT ")) {
                RawServer.say(socket, TO_TLS);
                return;
              }
              try (var to = new Socket(InetAddress.getLoopbackAddress(), target.port())) {
                RawServer.say(socket, "HTTP/1.1 200 Connection established\r\n\r\n");
                var back = new Thread(() -> copy(to, socket), "tunnel");
                back.setDaemon(true);
                back.start();
                copy(socket, to);
              }
            });
    return server[0];
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One side closed, and so does the other.
    }
  }
}
