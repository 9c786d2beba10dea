package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabWebServerTest {
  private static LabWebServer server;

  @BeforeAll
  static void start() {
    server = LabWebServer.http();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void heal() {
    server.fault(WebFault.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/ok | 200 | ok",
        "/status/503 | 503 | 503",
        "/status/204 | 204 | ''",
        "/status/seven | 400 | invalid path: For input string: \"seven\"",
        "/delay/50 | 200 | ok",
        "/body/hello%20world | 200 | hello world",
        "/large/5 | 200 | xxxxx",
        "/redirect/0 | 200 | ok",
        "/drip?bytes=3&every=1 | 200 | ...",
        "/basic-auth/user/secret | 401 | ''",
      })
  void pathsAnswerAsTheySay(String path, int status, String body) throws Exception {
    var answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body().strip()).isEqualTo(body);
  }

  @Test
  void everyAddressServes() throws Exception {
    for (var address : server.addresses()) {
      try (var socket = ask(address, "/ok")) {
        assertThat(status(socket)).isEqualTo("HTTP/1.1 200 OK");
      }
    }
  }

  @Test
  void connectionIsKeptForTheNextRequest() throws IOException {
    try (var socket = ask(server.address(), "/ok")) {
      assertThat(new String(readUntil(socket, "ok\n"), ISO_8859_1)).startsWith("HTTP/1.1 200 OK");
      write(socket, "GET /status/404 HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n");
      assertThat(rest(socket)).startsWith("HTTP/1.1 404").endsWith("404\n");
    }
  }

  @Test
  void echoShowsTheRequest() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(server.url("/echo?a=b")))
            .header("X-Probe", "yes")
            .POST(HttpRequest.BodyPublishers.ofString("hello"))
            .build();

    var seen = new JsonObject(http1().send(request, BodyHandlers.ofString()).body());

    assertThat(seen.getString("method")).isEqualTo("POST");
    assertThat(seen.getString("uri")).isEqualTo("/echo?a=b");
    assertThat(seen.getString("version")).isEqualTo("HTTP/1.1");
    assertThat(seen.getString("body")).isEqualTo("hello");
    assertThat(seen.getJsonObject("headers").getString("x-probe")).isEqualTo("yes");
    assertThat(seen.getJsonObject("headers").getString("host"))
        .isEqualTo("127.0.0.1:" + server.port());
    assertThat(seen.containsKey("tls")).isFalse();
  }

  @Test
  void headersAreWhatTheQueryAsksFor() throws Exception {
    assertThat(get("/headers?X-Version=1.2").headers().firstValue("x-version")).contains("1.2");
  }

  @Test
  void basicAuthLetsTheRightUserIn() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(server.url("/basic-auth/user/secret")))
            .header("Authorization", "Basic dXNlcjpzZWNyZXQ=")
            .build();

    assertThat(http1().send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  @Test
  void redirectsCountDown() throws Exception {
    assertThat(get("/redirect/3").headers().firstValue("location")).contains("/redirect/2");
    assertThat(get("/redirect-loop").headers().firstValue("location")).contains("/redirect-loop");
    var elsewhere = get("/redirect-to?url=http://127.0.0.1:1/x&status=307");
    assertThat(elsewhere.statusCode()).isEqualTo(307);
    assertThat(elsewhere.headers().firstValue("location")).contains("http://127.0.0.1:1/x");
  }

  @Test
  void gzipIsCompressed() throws Exception {
    var request = HttpRequest.newBuilder(URI.create(server.url("/gzip"))).build();
    var answer = http1().send(request, BodyHandlers.ofByteArray());

    assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
    var plain = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
    assertThat(new String(plain, ISO_8859_1)).isEqualTo("ok\n");
  }

  @Test
  void largeBodyHasItsLength() throws Exception {
    var request = HttpRequest.newBuilder(URI.create(server.url("/large/3000000"))).build();

    assertThat(http1().send(request, BodyHandlers.ofByteArray()).body()).hasSize(3_000_000);
  }

  @Test
  void headHasALengthAndNoBody() throws IOException {
    try (var socket = connect(server.address())) {
      write(socket, "HEAD /ok HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n");
      assertThat(rest(socket)).contains("content-length: 3").endsWith("\r\n\r\n");
    }
  }

  @Test
  void continueComesBeforeTheAnswer() throws IOException {
    try (var socket = ask(server.address(), "/continue")) {
      assertThat(new String(readUntil(socket, "ok\n"), ISO_8859_1))
          .startsWith("HTTP/1.1 100 Continue\r\n")
          .contains("HTTP/1.1 200 OK\r\n");
    }
  }

  @Test
  void priorKnowledgeSpeaksHttp2WithoutTls() throws IOException {
    try (var socket = connect(server.address())) {
      write(socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
      var frame = socket.getInputStream().readNBytes(9);
      assertThat(frame[3]).as("type SETTINGS").isEqualTo((byte) 4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/stall", "/stall-body"})
  void stallsNeverEnd(String path) throws IOException {
    try (var socket = ask(server.address(), path)) {
      var begun = path.equals("/stall") ? "" : status(socket);
      assertThat(begun).isEqualTo(path.equals("/stall") ? "" : "HTTP/1.1 200 OK");
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> rest(socket)).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void endlessGoesOnPastAnyBound() throws IOException {
    try (var socket = ask(server.address(), "/endless")) {
      assertThat(socket.getInputStream().readNBytes(20_000_000)).hasSize(20_000_000);
    }
  }

  @Test
  void truncatedClosesBeforeItsLength() throws IOException {
    try (var socket = ask(server.address(), "/truncated")) {
      assertThat(rest(socket)).contains("content-length: 1000").endsWith("\r\n\r\ntoo short\n");
    }
  }

  @Test
  void closeEndsWithoutAnAnswer() throws IOException {
    try (var socket = ask(server.address(), "/close")) {
      assertThat(rest(socket)).isEmpty();
    }
  }

  @Test
  void resetBreaksOffBeforeTheHeaders() throws IOException {
    try (var socket = ask(server.address(), "/reset")) {
      assertReset(socket);
    }
  }

  @Test
  void resetBodyBreaksOffAfterTheHeaders() throws IOException {
    try (var socket = ask(server.address(), "/reset-body")) {
      assertThat(status(socket)).isEqualTo("HTTP/1.1 200 OK");
      assertReset(socket);
    }
  }

  @Test
  void garbageIsNotHttp() throws IOException {
    try (var socket = ask(server.address(), "/garbage")) {
      assertThat(rest(socket)).isEqualTo("\u0000\u0001 this is not HTTP at all\r\n\r\n");
    }
  }

  @Test
  void badChunkHasNoNumber() throws IOException {
    try (var socket = ask(server.address(), "/bad-chunk")) {
      assertThat(rest(socket)).endsWith("Transfer-Encoding: chunked\r\n\r\nzz\r\nnot a chunk\r\n");
    }
  }

  @Test
  void hugeHeadersAreAMegabyte() throws IOException {
    try (var socket = ask(server.address(), "/huge-headers")) {
      assertThat(readUntil(socket, "\r\n\r\n")).hasSizeGreaterThan(1 << 20);
    }
  }

  @Test
  void refuseClosesThePort() {
    server.fault(WebFault.REFUSE);

    for (var address : server.addresses()) {
      assertThatThrownBy(() -> connect(address).close()).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void dropLeavesSynsUnanswered() {
    server.fault(WebFault.DROP);

    for (var address : server.addresses()) {
      assertThatThrownBy(() -> connect(address).close()).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void acceptResetBreaksOffAtOnce() {
    server.fault(WebFault.ACCEPT_RESET);

    assertThatThrownBy(() -> rest(connect(server.address())))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void acceptCloseEndsAtOnce() throws IOException {
    server.fault(WebFault.ACCEPT_CLOSE);

    try (var socket = connect(server.address())) {
      assertThat(rest(socket)).isEmpty();
    }
  }

  @Test
  void acceptStallSendsNothing() throws IOException {
    server.fault(WebFault.ACCEPT_STALL);

    try (var socket = ask(server.address(), "/ok")) {
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> rest(socket)).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND, 404, 404",
    "ERROR, 500, 500",
    "UNAVAILABLE, 503, 503",
    "WRONG_BODY, 200, not what you came for",
    "REDIRECT_LOOP, 302, ''",
  })
  void faultOfTheServiceOverridesThePath(WebFault fault, int status, String body) throws Exception {
    server.fault(fault);

    var answer = get("/ok");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body().strip()).isEqualTo(body);
  }

  @Test
  void delayHoldsTheAnswerBack() throws Exception {
    server.delay(ofMillis(300));
    server.fault(WebFault.DELAY);

    long start = System.nanoTime();
    assertThat(get("/ok").statusCode()).isEqualTo(200);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(ofMillis(299).toNanos());
  }

  @ParameterizedTest
  @EnumSource(
      value = WebFault.class,
      names = {"RESET", "CLOSE", "GARBAGE", "TRUNCATED", "BAD_CHUNK", "RESET_BODY"})
  void clientNeverGetsAnAnswerFromABrokenService(WebFault fault) {
    server.fault(fault);

    assertThatThrownBy(() -> get("/ok")).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = WebFault.class,
      names = {"STALL", "STALL_BODY", "DRIP", "ENDLESS"})
  void clientNeverSeesTheEndOfASlowService(WebFault fault) throws IOException {
    server.fault(fault);

    try (var socket = ask(server.address(), "/ok")) {
      socket.setSoTimeout(200);
      assertThatThrownBy(
              () -> {
                long end = System.nanoTime() + ofMillis(600).toNanos();
                while (System.nanoTime() < end) {
                  assertThat(socket.getInputStream().read(new byte[65_536])).isPositive();
                }
                throw new SocketTimeoutException("still talking");
              })
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void serviceWithoutTlsHasNoTlsFaults() {
    assertThat(server.faults()).noneMatch(WebFault::isTls);
    assertThatThrownBy(() -> server.fault(WebFault.TLS_EXPIRED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tls_expired");
  }

  private static HttpResponse<String> get(String path) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(server.url(path))).build();
    return http1().send(request, BodyHandlers.ofString());
  }

  private static HttpClient http1() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static Socket ask(InetSocketAddress address, String path) throws IOException {
    var socket = connect(address);
    write(socket, "GET " + path + " HTTP/1.1\r\nHost: lab\r\n\r\n");
    return socket;
  }

  private static String status(Socket socket) throws IOException {
    return new String(readUntil(socket, "\r\n"), ISO_8859_1).strip();
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(() -> rest(socket))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static byte[] readUntil(Socket socket, String mark) throws IOException {
    var read = new java.io.ByteArrayOutputStream();
    var end = mark.getBytes(ISO_8859_1);
    int matched = 0;
    while (matched < end.length) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("ended before " + mark + ": " + read);
      }
      read.write(next);
      matched = next == end[matched] ? matched + 1 : next == end[0] ? 1 : 0;
    }
    return read.toByteArray();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
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
