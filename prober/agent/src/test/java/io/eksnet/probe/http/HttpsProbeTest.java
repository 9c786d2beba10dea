package io.eksnet.probe.http;

import static io.eksnet.probe.http.TestHttpSettings.get;
import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.Certs;
import io.eksnet.probe.net.RawServer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsProbeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Certs authority = new Certs("authority");
  private static final Certs stranger = new Certs("stranger");
  private static final Bench bench = Bench.with(Map.of("shop.test", List.of("127.0.0.1")));
  private static final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private Optional<HttpServer> server = Optional.empty();

  @TempDir private Path files;

  @AfterEach
  void stop() {
    server.ifPresent(HttpsProbeTest::stop);
  }

  @AfterAll
  static void close() {
    bench.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @CsvSource({"AUTO, HTTP/2", "HTTP1, HTTP/1.1", "HTTP2, HTTP/2"})
  void speaksConfiguredVersion(HttpVersion version, String protocol) {
    var port = serve(true, request -> request.response().end("ok"));

    var outcome = success(run(given().version(version).bodyMatches("^ok$"), "https", port));

    assertThat(Bench.attributes(outcome, "protocol")).containsExactly(protocol);
    assertThat(outcome.timings().phases().keySet()).containsExactly(Phase.values());
    assertThat(outcome.notes()).anyMatch(Note.CertificateExpiry.class::isInstance);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https | AUTO | HTTP/2.0 | success",
        "https | AUTO | HTTP/1.0,HTTP/1.1 | the response is HTTP/2.0, expected HTTP/1.0, HTTP/1.1",
        "https | HTTP1 | HTTP/1.1,HTTP/2.0 | success",
        "https | HTTP1 | HTTP/1.0 | the response is HTTP/1.1, expected HTTP/1.0",
        "http | AUTO | HTTP/2.0 | the response is HTTP/1.1, expected HTTP/2.0",
        "http | HTTP2 | HTTP/2.0 | success",
        "http | AUTO | '' | success",
      })
  void expectsTheVersionOfTheResponse(
      String scheme, HttpVersion version, String versions, String expected) {
    var port = serve(scheme.equals("https"), request -> request.response().end("ok"));
    var settings = given().version(version);
    if (!versions.isEmpty()) {
      settings.versions(versions.split(","));
    }

    var outcome = run(settings, scheme, port);

    if (expected.equals("success")) {
      success(outcome);
    } else {
      assertThat(failure(outcome).cause()).isEqualTo(Cause.HTTP_PROTOCOL);
      assertThat(failure(outcome).detail()).isEqualTo(expected);
    }
  }

  @Test
  void expectsTheVersionOfTheResponseAfterRedirects() throws IOException {
    var port = serve(true, request -> request.response().end("ok"));
    var moved =
        "HTTP/1.0 301 X\r\nLocation: https://shop.test:%d/\r\nContent-Length: 0\r\n\r\n"
            .formatted(port);
    try (var old = RawServer.of(RawServer.answer(moved))) {
      success(run(given().versions("HTTP/2.0"), "http", old.port()));
      assertThat(failure(run(given().versions("HTTP/1.0"), "http", old.port())).detail())
          .isEqualTo("the response is HTTP/2.0, expected HTTP/1.0");
      success(run(given().versions("HTTP/1.0").status("301"), "http", old.port()));
    }
  }

  @Test
  void failsWithoutAlpnForHttp2() throws IOException {
    try (var old =
        RawServer.tls(
            Certs.server(authority.leaf(Certs.MONTH, "shop.test")), RawServer.answer(OK))) {
      assertThat(failure(run(given().version(HttpVersion.HTTP2), "https", old.port())).cause())
          .isEqualTo(Cause.HTTP_PROTOCOL);
      success(run(given(), "https", old.port()));
    }
  }

  @Test
  void speaksHttp2WithoutTlsByPriorKnowledge() {
    var port = serve(false, request -> request.response().end(request.version().toString()));

    success(run(given().version(HttpVersion.HTTP2).bodyMatches("HTTP_2"), "http", port));
    success(run(given().bodyMatches("HTTP_1_1"), "http", port));
  }

  @Test
  void reportsHttp1OnlyServerAsProtocolFailureForHttp2() throws IOException {
    try (var old =
        RawServer.of(
            socket -> {
              RawServer.request(socket.getInputStream());
              RawServer.say(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
              socket.getInputStream().readAllBytes();
            })) {
      var failure = failure(run(given().version(HttpVersion.HTTP2), "http", old.port()));

      assertThat(failure.cause()).isEqualTo(Cause.HTTP_PROTOCOL);
      assertThat(failure.detail()).isEqualTo("the response is not valid HTTP/2");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "HTTP2"})
  void sendsBodyHeadersAndPathInEitherVersion(HttpVersion version) {
    var port =
        serve(
            true,
            request ->
                request
                    .body()
                    .onSuccess(
                        body ->
                            request
                                .response()
                                .end(
                                    request.method()
                                        + " "
                                        + request.authority()
                                        + request.uri()
                                        + " "
                                        + request.getHeader("x-team")
                                        + " "
                                        + body)));
    var settings =
        given()
            .version(version)
            .method("POST")
            .body("é!")
            .headers(Map.of("X-Team", "net"))
            .host("www.shop.test")
            .bodyMatches("^POST www.shop.test/a\\?b net é!$");

    success(
        await(
            TestHttpSettings.probe(settings.settings(), bench)
                .run(TestHttpSettings.target("https://shop.test:" + port + "/a?b"), TIMEOUT)));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "HTTP2"})
  void receivesLongBodiesInEitherVersion(HttpVersion version) {
    var port = serve(true, request -> request.response().end(Buffer.buffer(new byte[1_000_000])));

    var outcome = success(run(given().version(version), "https", port));

    assertThat(Bench.attributes(outcome, "body")).containsExactly("1000000 bytes");
    assertThat(failure(run(given().version(version).maxBody(999_999), "https", port)).cause())
        .isEqualTo(Cause.TOO_LARGE);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "HTTP2"})
  void followsRedirectsInEitherVersion(HttpVersion version) {
    var port =
        serve(
            true,
            request -> {
              if (request.path().equals("/")) {
                request.response().setStatusCode(302).putHeader("location", "/there").end("x");
              } else {
                request.response().end("there");
              }
            });

    var outcome = success(run(given().version(version).bodyMatches("there"), "https", port));

    assertThat(Bench.attributes(outcome, "status")).containsExactly("302", "200");
  }

  @Test
  void reportsResetStreamAsProtocolFailure() {
    var port = serve(true, request -> request.response().reset(2));

    var failure = failure(run(given().version(HttpVersion.HTTP2), "https", port));

    assertThat(failure.cause()).isEqualTo(Cause.HTTP_PROTOCOL);
    assertThat(failure.detail()).isEqualTo("the server reset the stream with INTERNAL_ERROR");
  }

  @Test
  @SuppressWarnings("deprecation") // of a way to say which streams will not be answered
  void reportsGoAwayAsProtocolFailure() {
    var port = serve(true, request -> request.connection().goAway(11, 0));

    var failure = failure(run(given().version(HttpVersion.HTTP2), "https", port));

    assertThat(failure.cause()).isEqualTo(Cause.HTTP_PROTOCOL);
    assertThat(failure.detail()).isEqualTo("the server sent GOAWAY with ENHANCE_YOUR_CALM");
  }

  @Test
  void reportsSilenceOnHttp2AsTimeoutInProcessing() {
    var port = serve(true, request -> {});
    var probe = TestHttpSettings.probe(given().version(HttpVersion.HTTP2).settings(), bench);
    run(given(), "https", closed());

    var failure =
        failure(
            await(
                probe.run(
                    TestHttpSettings.target("https://shop.test:" + port + "/"),
                    Duration.ofMillis(1500))));

    assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
    assertThat(failure.phase()).isEqualTo(Phase.PROCESSING);
  }

  @Test
  void sendsNothingToUnverifiedPeers() throws Exception {
    var token = Files.writeString(files.resolve("token"), "s3cr3t");
    for (var identity :
        List.of(
            stranger.leaf(Certs.MONTH, "shop.test"),
            authority.leaf(Certs.PAST, "shop.test"),
            authority.leaf(Certs.MONTH, "elsewhere.test"))) {
      try (var bad =
          RawServer.tls(
              Certs.server(identity),
              socket ->
                  requests.add(
                      new String(
                          socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)))) {
        var outcome = run(given().bearerTokenFile(token), "https", bad.port());

        assertThat(failure(outcome).phase()).isEqualTo(Phase.TLS);
      }
    }
    assertThat(requests).allMatch(String::isEmpty);
  }

  /** The alert of the server, and then a reset for the request that it has not read. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void takesTheAlertOfAServerThatResetsWhileTheBodyIsSent(String version) throws IOException {
    RawServer.Script demanding =
        socket -> {
          var tls = (SSLSocket) socket;
          tls.setEnabledProtocols(new String[] {version});
          tls.setNeedClientAuth(true);
          tls.startHandshake();
        };
    var identity = authority.leaf(Certs.MONTH, "shop.test");
    var upload = given().version(HttpVersion.HTTP1).method("POST").body("x".repeat(16_000_000));
    try (var server = RawServer.tls(Certs.server(identity, authority), demanding)) {
      for (var i = 0; i < 20; i++) {
        assertThat(failure(run(upload, "https", server.port())).cause())
            .isEqualTo(Cause.TLS_CLIENT_CERTIFICATE);
      }
    }
  }

  @Test
  void reportsExpiryWithoutVerification() throws IOException {
    var identity = stranger.leaf(Certs.PAST, "elsewhere.test");
    try (var odd = RawServer.tls(Certs.server(identity), RawServer.answer(OK))) {
      var outcome = success(run(get().trustingAnybody(), "https", odd.port()));

      assertThat(outcome.notes())
          .contains(new Note.CertificateExpiry(identity.leaf().getNotAfter().toInstant()));
    }
  }

  @Test
  void verifiesConfiguredServerName() throws IOException {
    try (var server =
        RawServer.tls(
            Certs.server(authority.leaf(Certs.MONTH, "www.shop.test")), RawServer.answer(OK))) {
      success(run(given().serverName("www.shop.test"), "https", server.port()));
      assertThat(failure(run(given(), "https", server.port())).cause()).isEqualTo(Cause.TLS_NAME);
    }
  }

  @Test
  void reportsPlainTextServerAsFailedHandshake() throws IOException {
    try (var plain =
        RawServer.of(
            socket -> {
              socket.getInputStream().read();
              RawServer.say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
              socket.getInputStream().readAllBytes();
            })) {
      assertThat(failure(run(given(), "https", plain.port())).cause())
          .isEqualTo(Cause.TLS_HANDSHAKE);
    }
  }

  @Test
  void reportsTlsServerAsFailureOfPlainHttp() {
    var port = serve(true, request -> request.response().end("ok"));

    assertThat(failure(run(given(), "http", port)).cause()).isIn(Cause.HTTP_PROTOCOL, Cause.RESET);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "HTTP2"})
  void leaksNoSocketAndNoTimer(HttpVersion version) {
    var port = serve(true, request -> request.response().setStatusCode(500).end("no"));
    var probe = TestHttpSettings.probe(given().version(version).settings(), bench);
    var target = TestHttpSettings.target("https://shop.test:" + port + "/");
    failure(await(probe.run(target, TIMEOUT)));
    var timers = bench.timers();
    var sockets = Bench.sockets();

    for (int i = 0; i < 300; i++) {
      failure(await(probe.run(target, TIMEOUT)));
    }

    assertThat(bench.timers()).isEqualTo(timers);
    Bench.awaitSockets(sockets + 4);
  }

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private TestHttpSettings given() {
    return get().trusting(authority.rootFile(files));
  }

  private int serve(boolean tls, Consumer<HttpServerRequest> handler) {
    var identity = authority.leaf(Certs.MONTH, "shop.test");
    var options =
        new HttpServerOptions()
            .setSsl(tls)
            .setUseAlpn(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(Certs.write(files.resolve("s.pem"), identity.leaf()).toString())
                    .setKeyPath(Certs.write(files.resolve("s.key"), identity.key()).toString()));
    var started =
        vertx
            .createHttpServer(options)
            .requestHandler(handler::accept)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    server = Optional.of(started);
    return started.actualPort();
  }

  private static int closed() {
    try (var gone = RawServer.of(socket -> {})) {
      return gone.port();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void stop(HttpServer server) {
    server.close().toCompletionStage().toCompletableFuture().join();
  }

  private static Outcome run(TestHttpSettings given, String scheme, int port) {
    var target = TestHttpSettings.target(scheme + "://shop.test:" + port + "/");
    return await(TestHttpSettings.probe(given.settings(), bench).run(target, TIMEOUT));
  }
}
