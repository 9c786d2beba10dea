package io.eksnet.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.web.ClusterDependencies;
import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.controller.web.ClusterDependencies.PlanPage;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Inventory;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All endpoints there are, taken from the router, under what no client would send. */
@Timeout(120)
class HostileRequestsTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int READ_TIMEOUT_MILLIS = 40_000;
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]");
  private static final Endpoints ENDPOINTS =
      controller(new ConnectionLimiter.Timeouts(LONG, LONG, LONG, LONG, LONG));

  @AfterAll
  static void close() {
    ENDPOINTS.close();
  }

  static List<String> paths() {
    return ENDPOINTS.server().paths();
  }

  @Test
  void listsThePathsOfTheRouter() {
    assertThat(paths())
        .contains("/", "/metrics", "/probe", "/config", "/-/reload", "/-/healthy", "/-/ready")
        .contains("/api/v1/live", "/api/v1/plan", "/api/v1/inventory", "/api/v1/observations");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void survivesMalformedRequests(String path) throws IOException {
    var close = "Connection: close\r\n";
    var host = "Host: 127.0.0.1\r\n" + close;
    var much = "a".repeat(60_000);
    for (var request :
        List.of(
            get(path + "?a=%zz&node=%", host),
            get(path + "?target=%00%0d%0aX-Injected:%20yes&probe=%ff&limit=1e9", host),
            get(path + "?" + "a=b&".repeat(900), host),
            get(path + "%2f..%2f..", host),
            get("/.." + path, host),
            get("//evil.test" + path, host),
            get("http://evil.test" + path, host),
            get(path + "?" + much, host),
            get(path, host + "X: " + much + "\r\n"),
            get(path, host + "A: b\r\n".repeat(9_000)),
            get(path, host + "Cookie: \0\u001b[31m\r\n"),
            get(path, host + "A: b\r\n c: folded\r\n"),
            get(path, close),
            get(path, "Host: a\r\nHost: b\r\n" + close),
            get(path, "Host: evil.test\0\"><script>\r\n" + close),
            get(path, host + "Authorization: Basic " + "=".repeat(9_000) + "\r\n"),
            get(path, host + "Accept: " + "a/b;q=0.1,".repeat(900) + "\r\n"),
            get(path, host + "Accept-Encoding: " + "gzip,".repeat(1_000) + "\r\n"),
            get(path, host + "If-None-Match: " + "\"a\",".repeat(1_500) + "\r\n"),
            get(path, host + "Upgrade: h2c\r\nHTTP2-Settings: AA\r\n"),
            get(path, "Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"),
            get(path, host + "Content-Length: -1\r\n"),
            get(path, host + "Content-Length: 99999999999999999999\r\n"),
            get(path, host + "Content-Length: 3\r\nContent-Length: 4\r\n") + "abcd",
            get(path, host + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n") + "0\r\n\r\n",
            post(path, host + "Transfer-Encoding: chunked\r\n") + "zz\r\n",
            post(path, host + "Transfer-Encoding: chunked\r\n") + "ffffffffffffffff\r\n",
            post(path, host + "Transfer-Encoding: chunked\r\n") + "1;" + much + "\r\n",
            post(path, host + "Transfer-Encoding: chunked\r\n") + "ea60\r\n" + much + "\r\n",
            post(path, host + "Content-Length: 60000\r\n") + much,
            post(path, host + "Content-Encoding: gzip\r\nContent-Length: 4\r\n")
                + "\u001f\u008b\0\0",
            "CONNECT evil.test:443 HTTP/1.1\r\n" + host + "\r\n",
            "TRACE " + path + " HTTP/1.1\r\n" + host + "\r\n",
            "OPTIONS * HTTP/1.1\r\n" + host + "\r\n",
            "\u0016\u0003\u0001\2\0\1\0\1\u00fc\u0003\u0003\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET " + path + " HTTP/9.9\r\n" + host + "\r\n",
            "GET " + path + "\r\n\r\n",
            "G\u00cbT " + path + " HTTP/1.1\r\n" + host + "\r\n")) {
      var head = head(request);

      assertThat(head)
          .as(request.substring(0, Math.min(200, request.length())))
          .satisfiesAnyOf(
              closed -> assertThat(closed).isEmpty(),
              answered ->
                  assertThat(answered)
                      .matches(Pattern.compile("HTTP/\\d\\.\\d ([2-4]|501|503).*", Pattern.DOTALL)))
          .doesNotContain("X-Injected", "evil.test", "<script>")
          .doesNotContainPattern(CONTROL);
    }
    assertThat(ENDPOINTS.get("/-/healthy").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void answersPipelinedRequestsInOrder(String path) throws IOException {
    var one = "HEAD " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    var answers = ENDPOINTS.raw((one + "\r\n").repeat(200) + one + "Connection: close\r\n\r\n");

    assertThat(answers.lines().filter(line -> line.startsWith("HTTP/1.1 "))).hasSize(201);
  }

  @Test
  void closesConnectionsOfSlowOrEndlessRequests() throws Exception {
    try (var server = controller(new ConnectionLimiter.Timeouts(SHORT, SHORT, LONG, LONG, SHORT))) {
      var slow = new ArrayList<Socket>();
      for (var path : server.server().paths()) {
        slow.add(open(server, "GET " + path + " HTTP/1.1\r\nX:"));
        slow.add(open(server, post(path, "Host: a\r\nContent-Length: 10\r\n")));
        slow.add(open(server, post(path, "Host: a\r\nTransfer-Encoding: chunked\r\n") + "5\r\na"));
      }
      slow.add(open(server, ""));
      for (var socket : slow) {
        assertThat(isClosedThough(socket)).isTrue();
        socket.close();
      }
    }
  }

  /** The stream of the status page is not one of them. */
  @Test
  void closesConnectionsThatDoNotReadButNotTheLiveStream() throws Exception {
    var page = new byte[40_000_000];
    try (var server = controller(new ConnectionLimiter.Timeouts(LONG, LONG, SHORT, SHORT, SHORT))) {
      server.metrics =
          (accept, out) -> {
            out.write(page);
            return "text/plain";
          };
      try (var listening = open(server, get("/api/v1/live", "Host: a\r\n"));
          var greedy = open(server, get("/metrics", "Host: a\r\n"));
          var idle = open(server, get("/-/healthy", "Host: a\r\n"))) {
        assertThat(idle.getInputStream().readAllBytes()).isNotEmpty();
        var buffer = new byte[200_000];
        var in = listening.getInputStream();
        var received = new StringBuilder();
        while (received.toString().split("event: clock", -1).length < 5) {
          received.append(new String(buffer, 0, in.read(buffer), ISO_8859_1));
        }
        assertThat(taken(greedy)).isLessThan(page.length);
      }
    }
  }

  @Test
  void limitsConnectionsPerRemoteHost() {
    var connections = limiter();
    var places = new ArrayList<ConnectionLimiter.Place>();
    for (var i = 0; i < 64; i++) {
      places.add(established(connections, "10.0.0.1"));
    }
    assertThat(connections.acquire("10.0.0.1"))
        .hasValueSatisfying(place -> assertThat(place.isHealthOnly()).isTrue());
    assertThat(established(connections, "10.0.0.2").isHealthOnly()).isFalse();
    for (var i = 0; i < 191; i++) {
      assertThat(established(connections, "127.0.0.1").isHealthOnly()).isFalse();
    }
    assertThat(established(connections, "10.0.0.3").isHealthOnly()).isTrue();
    places.get(0).release();
    places.get(0).release();
    assertThat(established(connections, "10.0.0.3").isHealthOnly()).isFalse();
    assertThat(established(connections, "10.0.0.3").isHealthOnly()).isTrue();
  }

  @Test
  void keepsPlacesForHealthChecksPerHostAndInAll() {
    var connections = limiter();
    for (var i = 0; i < 256; i++) {
      established(connections, "127.0.0.1");
    }
    for (var i = 0; i < 8; i++) {
      established(connections, "10.0.0.1");
    }
    assertThat(connections.acquire("10.0.0.1")).isEmpty();
    for (var i = 0; i < 24; i++) {
      established(connections, "10.0.1." + i);
    }
    assertThat(connections.acquire("10.0.0.2")).isEmpty();
  }

  @Test
  void limitsHandshakesPerHost() {
    var connections = limiter();
    for (var i = 0; i < 15; i++) {
      assertThat(connections.acquire("10.0.0.1")).isPresent();
    }
    var last = connections.acquire("10.0.0.1").orElseThrow();
    assertThat(connections.acquire("10.0.0.1")).isEmpty();
    assertThat(connections.acquire("10.0.0.2")).isPresent();
    last.established();
    last.established();
    assertThat(connections.acquire("10.0.0.1")).isPresent();
    assertThat(connections.acquire("10.0.0.1")).isEmpty();
  }

  private static ConnectionLimiter limiter() {
    var vertx = Vertx.vertx();
    var connections =
        new ConnectionLimiter(
            vertx,
            ConnectionLimiter.MAX_AGENT_CONNECTIONS,
            /* tls= */ true,
            ConnectionLimiter.Timeouts.DEFAULT);
    Endpoints.await(vertx.close());
    return connections;
  }

  private static ConnectionLimiter.Place established(ConnectionLimiter connections, String host) {
    var place = connections.acquire(host).orElseThrow();
    place.established();
    return place;
  }

  @Test
  void answersHealthChecksWhileAllConnectionsAreHeld() throws Exception {
    try (var server = controller(new ConnectionLimiter.Timeouts(LONG, LONG, LONG, LONG, SHORT))) {
      var held = new ArrayList<Socket>();
      var loopback = server.server().port();
      for (var i = 0; i < ConnectionLimiter.MAX_CONTROLLER_CONNECTIONS; i++) {
        held.add(new Socket(InetAddress.getLoopbackAddress(), loopback));
      }
      for (var i = 0; i < 20; i++) {
        assertThat(server.raw(get("/-/healthy", "Host: a\r\n"))).startsWith("HTTP/1.1 200");
        assertThat(server.raw(get("/-/ready", "Host: a\r\n"))).startsWith("HTTP/1.1 200");
        assertThat(server.raw(get("/metrics", "Host: a\r\n"))).startsWith("HTTP/1.1 503");
      }
      for (var socket : held) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"Origin, http://127.0.0.1", "Origin, null", "Sec-Fetch-Site, cross-site"})
  void rejectsReloadFromWebPages(String header, String value) {
    assertThat(ENDPOINTS.send("POST", "/-/reload", header, value).statusCode()).isEqualTo(403);
    assertThat(ENDPOINTS.send("POST", "/-/reload").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.test",
        "Host: 127.0.0.1.evil.test:9853",
        "Host: 127.0.0.1\r\nX-Forwarded-For: 203.0.113.7",
        "Host: 127.0.0.1\r\nForwarded: for=203.0.113.7",
        "Host: localhost\r\nSec-Fetch-Site: cross-site",
      })
  void rejectsDnsRebindingAndProxies(String headers) throws IOException {
    for (var path : List.of("plan?node=a", "inventory", "observations")) {
      assertThat(head(get("/api/v1/" + path, headers + "\r\n"))).startsWith("HTTP/1.1 403");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:9853", "127.0.0.1", "[::1]:9853", "eksnet"})
  void admitsThisHostWithoutToken(String host) throws IOException {
    assertThat(head(get("/api/v1/inventory", "Host: " + host + "\r\n"))).startsWith("HTTP/1.1 200");
  }

  @Test
  void needsATokenOnThisHostIfItIsNotTrusted() throws IOException {
    try (var server = controller(ConnectionLimiter.Timeouts.DEFAULT, /* trustLoopback= */ false)) {
      for (var path : List.of("plan?node=a", "inventory", "observations")) {
        assertThat(server.raw(get("/api/v1/" + path, "Host: 127.0.0.1\r\nConnection: close\r\n")))
            .startsWith("HTTP/1.1 403");
      }
    }
  }

  /** Istio delivers inbound traffic from 127.0.0.6. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.6", "127.1.2.3", "127.0.0.2"})
  void needsATokenFromOtherLoopbackAddresses(String source) throws IOException {
    for (var path : List.of("plan?node=a", "inventory", "observations")) {
      try (var socket =
          new Socket(
              InetAddress.getLoopbackAddress(),
              ENDPOINTS.server().port(),
              InetAddress.getByName(source),
              0)) {
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket
            .getOutputStream()
            .write(get("/api/v1/" + path, "Host: 127.0.0.1\r\n").getBytes(ISO_8859_1));
        assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
            .isEqualTo("HTTP/1.1 403");
      }
    }
  }

  private static String get(String path, String headers) {
    return "GET " + path + " HTTP/1.1\r\n" + headers + "\r\n";
  }

  private static String post(String path, String headers) {
    return "POST " + path + " HTTP/1.1\r\n" + headers + "\r\n";
  }

  /** What is answered up to the body, in which there may be no end; empty: nothing. */
  private static String head(String request) throws IOException {
    try (var socket = open(ENDPOINTS, request)) {
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        var c = socket.getInputStream().read();
        if (c < 0) {
          break;
        }
        head.append((char) c);
      }
      return head.toString();
    } catch (SocketException e) {
      return ""; // reset, as it had not read all
    }
  }

  private static Socket open(Endpoints server, String request) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.server().port());
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  private static boolean isClosedThough(Socket socket) throws IOException {
    var patience = System.nanoTime() + READ_TIMEOUT_MILLIS * 1_000_000L;
    socket.setSoTimeout(50);
    while (System.nanoTime() < patience) {
      try {
        socket.getOutputStream().write('x');
        if (socket.getInputStream().read() < 0) {
          return true;
        }
      } catch (java.net.SocketTimeoutException e) {
        // not yet
      } catch (SocketException e) {
        return true;
      }
    }
    return false;
  }

  private static long taken(Socket socket) throws IOException {
    var piece = new byte[65_536];
    var all = 0L;
    try {
      for (var n = 0; n >= 0; n = socket.getInputStream().read(piece)) {
        all += n;
      }
    } catch (SocketException e) {
      // reset
    }
    return all;
  }

  private static Endpoints controller(ConnectionLimiter.Timeouts timeouts) {
    return controller(timeouts, /* trustLoopback= */ true);
  }

  private static Endpoints controller(ConnectionLimiter.Timeouts timeouts, boolean trustLoopback) {
    var cluster =
        new ClusterDependencies(
            Optional::empty,
            node -> new PlanPage.Ready("\"1\"", Buffer.buffer("{}")),
            () -> Views.source(Optional.empty()),
            () -> Inventory.EMPTY,
            List::of,
            () -> Diagnosed.NOT_YET,
            List::of,
            () -> Views.NOTHING,
            () -> new Evidence(WebFixture.NOON, Inventory.EMPTY, List.of()),
            () -> Views.INCIDENTS,
            List::of,
            () -> Views.STATE);
    return new Endpoints(
        WebConfig.OPEN,
        true,
        HttpClient.newHttpClient(),
        SharedToken.NONE,
        trustLoopback,
        Optional.of(cluster),
        timeouts);
  }
}
