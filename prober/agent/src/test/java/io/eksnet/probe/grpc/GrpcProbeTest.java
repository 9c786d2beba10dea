package io.eksnet.probe.grpc;

import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.Certs;
import io.eksnet.probe.net.ProbeNetwork;
import io.eksnet.probe.net.RawServer;
import io.eksnet.probe.net.TlsSettings;
import io.eksnet.probe.net.TlsSettingsBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcProbeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);
  private static final String SERVING = "0000000002 0801";
  private static final Certs authority = new Certs("authority");
  private static final Bench bench =
      Bench.with(Map.of("shop.test", List.of("127.0.0.1"), "none.test", List.of()));
  private static final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private Optional<HttpServer> server = Optional.empty();

  @TempDir private Path files;

  @AfterEach
  void stop() {
    server.ifPresent(running -> join(running.close()));
  }

  @AfterAll
  static void close() {
    bench.close();
    join(vertx.close());
  }

  @Test
  void succeedsIfTheServerIsServing() {
    var port = serve(answering("0", SERVING));

    var outcome = success(run(GrpcSettings.DEFAULT, "shop.test:" + port));

    assertThat(outcome.timings().phases())
        .containsOnlyKeys(Phase.RESOLVE, Phase.CONNECT, Phase.PROCESSING, Phase.TRANSFER);
    assertThat(Bench.attributes(outcome, "grpc-status")).containsExactly("0");
    assertThat(received.remove()).isEqualTo("0000000000");
  }

  @Test
  void sendsTheRequestOfTheProtocol() throws IOException {
    var port =
        serve(
            request -> {
              request.headers().forEach((name, value) -> received.add(name + ": " + value));
              received.add(request.method() + " " + request.path());
              received.add(request.scheme() + "://" + request.authority());
              answering("0", SERVING).accept(request);
            });
    var key = Files.writeString(files.resolve("key"), "Bearer s3cr3t\n");
    var settings =
        new GrpcSettings(
            "shop.v1.Checkout",
            Optional.of("www.shop.test"),
            Map.of("x-tenant", "a"),
            Map.of("authorization", key),
            Family.ANY,
            AddressSelection.ONE,
            TlsSettings.DEFAULT,
            Optional.empty(),
            ProbeNetwork.DEFAULT);

    var outcome = success(run(settings, "grpc://shop.test:" + port));

    assertThat(received)
        .contains(
            "POST /grpc.health.v1.Health/Check",
            "http://www.shop.test",
            "content-type: application/grpc",
            "te: trailers",
            "x-tenant: a",
            "authorization: Bearer s3cr3t",
            "0000000012" + "0a10" + hex("shop.v1.Checkout"))
        .anyMatch(line -> line.matches("grpc-timeout: \\d{1,8}m"))
        .anyMatch(line -> line.startsWith("user-agent: eksnet/"));
    assertThat(outcome.toString()).doesNotContain("s3cr3t");
  }

  @Test
  void encodesLongServiceNames() {
    var service = "s".repeat(300);
    var port = serve(answering("0", SERVING));
    var settings =
        new GrpcSettings(
            service,
            Optional.empty(),
            Map.of(),
            Map.of(),
            Family.ANY,
            AddressSelection.ONE,
            TlsSettings.DEFAULT,
            Optional.empty(),
            ProbeNetwork.DEFAULT);

    success(run(settings, "shop.test:" + port));

    assertThat(received.remove()).isEqualTo("000000012f" + "0aac02" + hex(service));
  }

  @ParameterizedTest
  @CsvSource({
    "0000000002 0800, UNKNOWN",
    "0000000000, UNKNOWN",
    "0000000002 0802, NOT_SERVING",
    "0000000002 0803, SERVICE_UNKNOWN",
    "0000000002 0809, status 9",
    "0000000004 0801 0802, NOT_SERVING"
  })
  void reportsWhatIsNotServing(String message, String name) {
    var port = serve(answering("0", message));

    var failure = failure(run(GrpcSettings.DEFAULT, "shop.test:" + port));

    assertThat(failure.cause()).isEqualTo(Cause.GRPC_NOT_SERVING);
    assertThat(failure.phase()).isEqualTo(Phase.TRANSFER);
    assertThat(failure.detail()).isEqualTo("the health service reports " + name);
  }

  /** Unknown fields are skipped, the last of several values counts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000004 1005 0801",
        "0000000006 1202ffff 0801",
        "000000000b 110102030405060708 0801",
        "0000000007 1d01020304 0801",
        "0000000004 0802 0801",
      })
  void skipsUnknownFields(String message) {
    success(run(GrpcSettings.DEFAULT, "shop.test:" + serve(answering("0", message))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0000000002 08",
        "0000000002 08ff",
        "0100000002 0801",
        "0000000003 0801",
        "0000000001 0801",
        "0000000002 0b01",
        "0000000003 12ff01",
        "000000000b 08ffffffffffffffffffff"
      })
  void reportsMessagesThatAreNotOfTheProtocol(String message) {
    var failure = failure(run(GrpcSettings.DEFAULT, "shop.test:" + serve(answering("0", message))));

    assertThat(failure.cause()).isEqualTo(Cause.HTTP_PROTOCOL);
    assertThat(failure.detail()).isEqualTo("the response has no message of the health service");
  }

  @ParameterizedTest
  @CsvSource({
    "14, the gRPC status is UNAVAILABLE",
    "16, the gRPC status is UNAUTHENTICATED",
    "12, the gRPC status is UNIMPLEMENTED; the server has no health service (grpc.health.v1.Health)",
    "5, the gRPC status is NOT_FOUND; the health service does not know the service",
    "17, the gRPC status is 17",
    "00, the gRPC status is OK",
    "x, the gRPC status is x"
  })
  void reportsTheStatusInTrailers(String code, String detail) {
    var failure =
        failure(run(GrpcSettings.DEFAULT, "shop.test:" + serve(answering(code, SERVING))));

    assertThat(failure.cause()).isEqualTo(Cause.GRPC_STATUS);
    assertThat(failure.detail()).isEqualTo(detail);
    assertThat(Bench.attributes(failure, "grpc-status")).containsExactly(code);
  }

  @ParameterizedTest
  @CsvSource({
    "try%20%C3%A4%20again, the gRPC status is UNAVAILABLE: try ä again",
    "100% sure%2, the gRPC status is UNAVAILABLE: 100% sure%2",
    "a%0Ab, the gRPC status is UNAVAILABLE: a b"
  })
  void reportsTheStatusOfResponsesWithoutAMessage(String message, String detail) {
    var port =
        serve(
            request ->
                request
                    .response()
                    .putHeader("content-type", "application/grpc+proto")
                    .putHeader("grpc-status", "14")
                    .putHeader("grpc-message", message)
                    .end());

    var failure = failure(run(GrpcSettings.DEFAULT, "shop.test:" + port));

    assertThat(failure.cause()).isEqualTo(Cause.GRPC_STATUS);
    assertThat(failure.detail()).isEqualTo(detail);
  }

  @Test
  void reportsResponsesThatAreNotGrpc() {
    var port =
        serve(
            request -> {
              switch (request.headers().get("x-case")) {
                case "404" -> request.response().setStatusCode(404).end("no such page");
                case "html" ->
                    request.response().putHeader("content-type", "text/html").end("<p>welcome");
                case "no trailers" ->
                    request
                        .response()
                        .putHeader("content-type", "application/grpc")
                        .end(bytes(SERVING));
                default -> request.response().putHeader("content-type", "application/grpc").end();
              }
            });

    assertThat(failure(run(naming("404"), "shop.test:" + port)))
        .extracting(Outcome.Failure::cause, Outcome.Failure::detail)
        .containsExactly(Cause.HTTP_STATUS, "status 404, expected 200");
    assertThat(failure(run(naming("html"), "shop.test:" + port)))
        .extracting(Outcome.Failure::cause, Outcome.Failure::detail)
        .containsExactly(
            Cause.HTTP_PROTOCOL,
            "the response is not gRPC: its content type is not application/grpc");
    for (var name : List.of("no trailers", "nothing")) {
      assertThat(failure(run(naming(name), "shop.test:" + port)))
          .extracting(Outcome.Failure::cause, Outcome.Failure::detail)
          .containsExactly(Cause.HTTP_PROTOCOL, "the response ends without grpc-status");
    }
  }

  @Test
  void boundsTheMessage() {
    var port =
        serve(
            request -> {
              var response = request.response().putHeader("content-type", "application/grpc");
              response.write(Buffer.buffer(new byte[20_000]));
            });

    assertThat(failure(run(GrpcSettings.DEFAULT, "shop.test:" + port)).cause())
        .isEqualTo(Cause.TOO_LARGE);
  }

  @Test
  void verifiesThePeerOfSecureTargets() {
    var identity = authority.leaf(Certs.MONTH, "shop.test");
    var port = serve(tls(identity), answering("0", SERVING));
    var settings = trusting(authority.rootFile(files));

    var outcome = success(run(settings, "grpcs://shop.test:" + port));
    var untrusted = failure(run(GrpcSettings.DEFAULT, "grpcs://shop.test:" + port));

    assertThat(outcome.timings().phases().keySet()).containsExactly(Phase.values());
    assertThat(outcome.notes()).anyMatch(Note.CertificateExpiry.class::isInstance);
    assertThat(untrusted.cause()).isEqualTo(Cause.TLS_UNTRUSTED);
    assertThat(failure(run(settings, "grpcs://127.0.0.1:" + port)).cause())
        .isEqualTo(Cause.TLS_NAME);
  }

  @Test
  void requiresHttp2OfSecureTargets() throws IOException {
    try (var old =
        RawServer.tls(
            Certs.server(authority.leaf(Certs.MONTH, "shop.test")), RawServer.answer("x"))) {
      var failure =
          failure(run(trusting(authority.rootFile(files)), "grpcs://shop.test:" + old.port()));

      assertThat(failure.cause()).isEqualTo(Cause.HTTP_PROTOCOL);
      assertThat(failure.detail()).isEqualTo("the server does not offer HTTP/2 (ALPN)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"})
  void reportsOtherProtocols(String answer) throws IOException {
    try (var other =
        RawServer.of(
            socket -> {
              RawServer.say(socket, answer);
              socket.getInputStream().readAllBytes();
            })) {
      assertThat(failure(run(GrpcSettings.DEFAULT, "shop.test:" + other.port())).cause())
          .isEqualTo(Cause.HTTP_PROTOCOL);
    }
  }

  @Test
  void reportsSilenceClosingAndRefusal() throws IOException {
    var closed = RawServer.of(socket -> {});
    closed.close();
    try (var silent = RawServer.of(socket -> socket.getInputStream().readAllBytes());
        var closing = RawServer.of(socket -> socket.getInputStream().read())) {
      assertThat(failure(run(GrpcSettings.DEFAULT, "shop.test:" + closed.port())).cause())
          .isEqualTo(Cause.CONN_REFUSED);
      assertThat(failure(run(GrpcSettings.DEFAULT, "shop.test:" + closing.port())).cause())
          .isEqualTo(Cause.RESET);
      var timeout = failure(run(GrpcSettings.DEFAULT, "shop.test:" + silent.port(), SHORT_TIMEOUT));
      assertThat(timeout.cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(timeout.phase()).isEqualTo(Phase.PROCESSING);
    }
  }

  @Test
  void reportsAResetStream() {
    var port = serve(request -> request.response().reset(7));

    var failure = failure(run(GrpcSettings.DEFAULT, "shop.test:" + port));

    assertThat(failure.cause()).isEqualTo(Cause.HTTP_PROTOCOL);
    assertThat(failure.detail()).isEqualTo("the server reset the stream with REFUSED_STREAM");
  }

  @Test
  void leaksNoSocketAndNoTimer() {
    var port = serve(answering("14", SERVING));
    failure(run(GrpcSettings.DEFAULT, "shop.test:" + port));
    var timers = bench.timers();
    var sockets = Bench.sockets();

    for (int i = 0; i < 100; i++) {
      failure(run(GrpcSettings.DEFAULT, "shop.test:" + port));
    }

    assertThat(bench.timers()).isEqualTo(timers);
    Bench.awaitSockets(sockets + 6);
  }

  @ParameterizedTest
  @CsvSource({
    "shop.test:50051, shop.test, 50051, false",
    "grpc://shop.test:50051, shop.test, 50051, false",
    "grpcs://[fd00::1]:443, fd00::1, 443, true"
  })
  void readsTargets(String text, String host, int port, boolean secure) {
    assertThat(new GrpcKind().target(text, GrpcSettings.DEFAULT))
        .isEqualTo(new Target(text, host, port, "", secure));
  }

  @ParameterizedTest
  @CsvSource({
    "shop.test, has no port",
    "grpcs://shop.test, has no port",
    "https://shop.test:443, ambiguous",
    "grpc://shop.test:443/x, must end with a colon and a port",
    "grpc://:443, is not a host"
  })
  void rejectsInvalidTargets(String text, String message) {
    assertThatThrownBy(() -> new GrpcKind().target(text, GrpcSettings.DEFAULT))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "authorization, by file",
    "X-Upper, lower-case",
    "grpc-timeout, do not begin with grpc-",
    "content-type, lower-case",
    "te, prober's own",
    "a b, lower-case"
  })
  void rejectsInvalidMetadata(String name, String message) {
    assertThatThrownBy(() -> with(Map.of(name, "1"))).hasMessageContaining(message);
  }

  private static GrpcSettings naming(String value) {
    return with(Map.of("x-case", value));
  }

  private static GrpcSettings with(Map<String, String> metadata) {
    return new GrpcSettings(
        "",
        Optional.empty(),
        metadata,
        Map.of(),
        Family.ANY,
        AddressSelection.ONE,
        TlsSettings.DEFAULT,
        Optional.empty(),
        ProbeNetwork.DEFAULT);
  }

  private static GrpcSettings trusting(Path caFile) {
    return new GrpcSettings(
        "",
        Optional.empty(),
        Map.of(),
        Map.of(),
        Family.ANY,
        AddressSelection.ONE,
        TlsSettingsBuilder.builder(TlsSettings.DEFAULT).caFile(caFile).build(),
        Optional.empty(),
        ProbeNetwork.DEFAULT);
  }

  private Consumer<HttpServerRequest> answering(String status, String message) {
    return request ->
        request
            .body()
            .onSuccess(
                body -> {
                  received.add(HexFormat.of().formatHex(body.getBytes()));
                  var response =
                      request
                          .response()
                          .setChunked(true)
                          .putHeader("content-type", "application/grpc")
                          .putTrailer("grpc-status", status);
                  response.end(bytes(message));
                });
  }

  private int serve(Consumer<HttpServerRequest> handler) {
    return serve(new HttpServerOptions(), handler);
  }

  private int serve(HttpServerOptions options, Consumer<HttpServerRequest> handler) {
    var started =
        vertx
            .createHttpServer(options.setPort(0).setHost("127.0.0.1"))
            .requestHandler(handler::accept);
    server = Optional.of(join(started.listen()));
    return started.actualPort();
  }

  private HttpServerOptions tls(Certs.Identity identity) {
    return new HttpServerOptions()
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(Certs.write(files.resolve("cert.pem"), identity.leaf()).toString())
                .setKeyPath(Certs.write(files.resolve("key.pem"), identity.key()).toString()));
  }

  private static Outcome run(GrpcSettings settings, String target) {
    return run(settings, target, TIMEOUT);
  }

  private static Outcome run(GrpcSettings settings, String target, Duration timeout) {
    var kind = new GrpcKind();
    return await(
        kind.create(settings, bench.network()).run(kind.target(target, settings), timeout));
  }

  private static Buffer bytes(String hex) {
    return Buffer.buffer(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private static <T> T join(io.vertx.core.Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
