package io.eksnet.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.lab.TestCertificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PeerClientTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(15);

  private static final String OK =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"7\"\r\nContent-Length: 2\r\n\r\n{}";

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    Endpoints.await(vertx.close());
  }

  @Test
  void sendsTokenAndEtagAndReturnsTheResponse() throws Exception {
    Files.writeString(directory.resolve("token"), "0123456789abcdef");
    var token = new SharedToken(Optional.of(directory.resolve("token")), () -> WebFixture.NOON);
    token.reload();
    try (var server = new Raw(OK);
        var client = client(token, Optional.empty(), 1_000)) {
      var answer = ask(client, server, Optional.of("\"6\""));

      assertThat(answer).isEqualTo(new PeerClient.Response(200, Optional.of("\"7\""), "{}"));
      assertThat(server.requests.get(0))
          .contains("Authorization: Bearer 0123456789abcdef", "If-None-Match: \"6\"");
    }
  }

  @Test
  void doesNotFollowRedirects() throws Exception {
    try (var elsewhere = new Raw(OK);
        var server =
            new Raw(
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:"
                    + elsewhere.port()
                    + "/\r\nContent-Length: 0\r\n\r\n");
        var client = client(SharedToken.NONE, Optional.empty(), 1_000)) {
      assertThat(ask(client, server, Optional.empty()).status()).isEqualTo(302);
      assertThat(elsewhere.requests).isEmpty();
    }
  }

  @Test
  void rejectsOversizedBodiesOfEveryFraming() throws Exception {
    var head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    var much = "x".repeat(100_000);
    for (var text :
        List.of(
            head + "Content-Length: 100000\r\n\r\n" + much,
            head + "Transfer-Encoding: chunked\r\n\r\n186a0\r\n" + much,
            head + "Connection: close\r\n\r\n" + much)) {
      refused(text, "exceeds 1000 bytes");
    }
  }

  @Test
  void rejectsOtherContentTypes() throws Exception {
    refused(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n{}", "not JSON");
    refused("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "not JSON");
  }

  @Test
  void timesOutWithoutACompleteResponse() throws Exception {
    refused("", "no response within 1.0 s");
    refused(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
        "no response");
  }

  @Test
  void rejectsMalformedResponses() throws Exception {
    refused("SSH-2.0-OpenSSH_9\r\n\r\n", "");
    refused("HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\n\r\n", "");
  }

  @Test
  void failsIfConnectionIsRefused() throws Exception {
    int port;
    try (var server = new Raw(OK)) {
      port = server.port();
    }
    try (var client = client(SharedToken.NONE, Optional.empty(), 1_000)) {
      assertThatThrownBy(
              () -> Endpoints.await(client.get("127.0.0.1", port, "/", Optional.empty())))
          .hasMessageContaining("refused");
    }
  }

  @Test
  void verifiesNameAndAuthorityOfTheServer() throws Exception {
    var ours = TestCertificates.of("eksnet");
    ours.write(directory);
    var identity = ours.good();
    Files.writeString(directory.resolve("server.pem"), TestCertificates.pem(identity.chain()));
    Files.writeString(directory.resolve("server.key"), TestCertificates.pem(identity.key()));
    var tls =
        new TlsServer(
            directory.resolve("server.pem"),
            directory.resolve("server.key"),
            "NoClientCert",
            Optional.empty(),
            "TLS12",
            "TLS13",
            List.of());
    var config = new WebConfig(Optional.of(tls), Map.of(), WebConfig.OPEN.httpServerConfig());
    var authority = Buffer.buffer(Files.readString(directory.resolve("ca.pem")));
    try (var server = new Endpoints(config, false, HttpClient.newHttpClient())) {
      try (var client = client(SharedToken.NONE, Optional.of(authority), 100_000)) {
        var answer = ask(client, server.server().port());
        assertThat(answer.status()).isEqualTo(200);
      }
      var other =
          new PeerClient(
              vertx,
              SharedToken.NONE,
              Optional.of(authority),
              "other.test",
              100_000,
              Duration.ofSeconds(10));
      try (other) {
        assertThatThrownBy(() -> ask(other, server.server().port()))
            .hasMessageNotContaining("no response");
      }
      var strangers = Files.createDirectory(directory.resolve("strangers"));
      TestCertificates.of("eksnet").write(strangers);
      var wrong = Buffer.buffer(Files.readString(strangers.resolve("ca.pem")));
      try (var client = client(SharedToken.NONE, Optional.of(wrong), 100_000)) {
        assertThatThrownBy(() -> ask(client, server.server().port()))
            .hasMessageNotContaining("no response");
      }
      try (var client = client(SharedToken.NONE, Optional.of(Buffer.buffer()), 100_000)) {
        assertThatThrownBy(() -> ask(client, server.server().port())).isNotNull();
      }
    }
  }

  /** Only tests of the timeout itself have a short one. */
  private void refused(String response, String reason) throws IOException {
    var timeout = reason.startsWith("no response") ? SHORT : LONG;
    try (var server = new Raw(response);
        var client =
            new PeerClient(vertx, SharedToken.NONE, Optional.empty(), "eksnet", 1_000, timeout)) {
      assertThatThrownBy(() -> ask(client, server, Optional.empty()))
          .cause()
          .isInstanceOf(PeerClient.PeerRequestException.class)
          .hasMessageContaining(reason);
    }
  }

  private PeerClient client(SharedToken token, Optional<Buffer> authorities, int longest) {
    return new PeerClient(vertx, token, authorities, "eksnet", longest, LONG);
  }

  private static PeerClient.Response ask(PeerClient client, int port) {
    return Endpoints.await(client.get("127.0.0.1", port, "/api/v1/targets", Optional.empty()));
  }

  private static PeerClient.Response ask(PeerClient client, Raw server, Optional<String> etag) {
    Future<PeerClient.Response> answer = client.get("127.0.0.1", server.port(), "/", etag);
    return Endpoints.await(answer);
  }

  /** Answers each connection with the same bytes and holds it open. */
  private static final class Raw implements AutoCloseable {
    private final ServerSocket door;
    private final String response;
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    Raw(String response) throws IOException {
      this.response = response;
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      var thread = new Thread(this::serve);
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return door.getLocalPort();
    }

    private void serve() {
      try {
        while (true) {
          var socket = door.accept();
          open.add(socket);
          var request = new byte[16_384];
          var length = socket.getInputStream().read(request);
          requests.add(new String(request, 0, Math.max(0, length), ISO_8859_1));
          socket.getOutputStream().write(response.getBytes(ISO_8859_1));
          socket.getOutputStream().flush();
          if (response.contains("Connection: close")) {
            socket.close();
          }
        }
      } catch (IOException e) {
        // closed by the test, or by a client that had enough
      }
    }

    @Override
    public void close() throws IOException {
      door.close();
      for (var socket : open) {
        socket.close();
      }
    }
  }
}
