package io.eksnet.probe.http;

import static io.eksnet.probe.http.TestHttpSettings.get;
import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.RawServer;
import io.eksnet.probe.net.TlsSettings;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OAuth2TokenTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String REFUSED = "HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n";
  private static final String TOKEN =
      "{\"access_token\":\"token-1\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
  private static final Bench bench = Bench.with(Map.of());

  @TempDir private Path files;
  private Path secret;

  @BeforeEach
  void writeSecret() throws IOException {
    secret = Files.writeString(files.resolve("secret"), "s&cret\n");
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void sendsTheTokenOfTheEndpoint() throws IOException {
    try (var endpoint = endpoint(200, TOKEN);
        var target = recording(OK)) {
      var outcome = success(run(probe(endpoint), target));

      var request = endpoint.requests().get(0);
      assertThat(request)
          .startsWith("POST /token?tenant=a HTTP/1.1\r\n")
          .contains("Content-Type: application/x-www-form-urlencoded\r\n")
          .contains("Authorization: Basic ZWtzbmV0OnMlMjZjcmV0\r\n")
          .endsWith("grant_type=client_credentials&scope=health.read+metrics&audience=a%26b");
      assertThat(target.requests().get(0)).contains("Authorization: Bearer token-1\r\n");
      assertThat(outcome.toString()).doesNotContain("token-1").doesNotContain("cret");
    }
  }

  @Test
  void keepsTheTokenUntilItExpires() throws IOException {
    try (var endpoint = endpoint(200, TOKEN);
        var target = recording(OK)) {
      var probe = probe(endpoint);
      for (int i = 0; i < 5; i++) {
        success(run(probe, target));
      }

      assertThat(endpoint.requests()).hasSize(1);
      assertThat(target.requests()).hasSize(5);
    }
  }

  @Test
  void fetchesATokenThatIsAboutToExpireAgain() throws IOException {
    try (var endpoint = endpoint(200, TOKEN.replace("3600", "10"));
        var target = recording(OK)) {
      var probe = probe(endpoint);
      success(run(probe, target));
      success(run(probe, target));

      assertThat(endpoint.requests()).hasSize(2);
    }
  }

  @Test
  void fetchesAnotherTokenAfterTheTargetRefusedOne() throws IOException {
    try (var endpoint = endpoint(200, TOKEN);
        var target = recording(REFUSED)) {
      var probe = probe(endpoint);
      assertThat(run(probe, target).label()).isEqualTo("http_status");
      assertThat(run(probe, target).label()).isEqualTo("http_status");

      assertThat(endpoint.requests()).hasSize(2);
    }
  }

  @Test
  void sharesARequestForTheToken() throws IOException {
    try (var endpoint = endpoint(200, TOKEN);
        var target = recording(OK)) {
      var probe = probe(endpoint);
      var runs = new ArrayList<Future<Outcome>>();
      for (int i = 0; i < 10; i++) {
        runs.add(probe.run(TestHttpSettings.target(url(target)), TIMEOUT));
      }
      runs.forEach(run -> success(await(run)));

      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401|{\"error\":\"invalid_client\"}|status 401 invalid_client",
        "500|oops|status 500 and no JSON object",
        "200|[]|status 200 and no JSON object",
        "200|{}|the response has no access_token",
        "200|{\"access_token\":\"\"}|the response has no access_token",
        "200|{\"access_token\":\"a\\nb\"}|the response has no access_token",
        "200|{\"access_token\":7}|the response has no access_token",
        "200|{\"access_token\":\"a\",\"token_type\":\"mac\"}|the token_type is not Bearer",
        "302|{\"access_token\":\"a\"}|status 302"
      })
  void doesNotBlameTheTargetWithoutAToken(int status, String body, String why) throws IOException {
    try (var endpoint = endpoint(status, body);
        var target = recording(OK)) {
      var failure = failure(run(probe(endpoint), target));

      assertThat(failure.cause()).isEqualTo(Cause.TOKEN_FAILED);
      assertThat(failure.detail())
          .isEqualTo("no token from http://127.0.0.1:" + endpoint.port() + "/token?…: " + why);
      assertThat(target.requests()).isEmpty();
    }
  }

  @Test
  void namesAnEndpointThatCannotBeReached() throws IOException {
    var endpoint = endpoint(200, TOKEN);
    endpoint.close();
    try (var target = recording(OK)) {
      var failure = failure(run(probe(endpoint), target));

      assertThat(failure.cause()).isEqualTo(Cause.TOKEN_FAILED);
      assertThat(failure.detail()).contains("/token?…: ").containsIgnoringCase("refused");
    }
  }

  @Test
  void triesAgainAfterAFailure() throws IOException {
    var responses = new ConcurrentLinkedQueue<>(List.of(json(500, "{}"), json(200, TOKEN)));
    try (var endpoint =
            RawServer.of(
                socket -> {
                  RawServer.request(socket.getInputStream());
                  RawServer.say(socket, responses.remove());
                });
        var target = recording(OK)) {
      var probe = probe(endpoint);

      assertThat(run(probe, target).label()).isEqualTo("token_failed");
      success(run(probe, target));
    }
  }

  @Test
  void reportsASilentEndpointAtTheDeadline() throws IOException {
    try (var endpoint = RawServer.of(socket -> socket.getInputStream().readAllBytes());
        var target = recording(OK)) {
      var failure =
          failure(await(probe(endpoint).run(TestHttpSettings.target(url(target)), SHORT_TIMEOUT)));

      assertThat(failure.cause()).isEqualTo(Cause.TOKEN_FAILED);
    }
  }

  @Test
  void readsTheSecretAgain() throws Exception {
    try (var endpoint = endpoint(200, TOKEN);
        var target = recording(OK)) {
      var probe = probe(endpoint);
      success(run(probe, target));
      Files.writeString(secret, "another");

      var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      do {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(50);
        success(run(probe, target));
      } while (endpoint.requests().size() < 2);
    }
  }

  @Test
  void doesNotRunWithoutTheSecret() throws IOException {
    Files.delete(secret);
    try (var endpoint = endpoint(200, TOKEN);
        var target = recording(OK)) {
      assertThat(run(probe(endpoint), target)).isInstanceOf(Outcome.NotRun.class);
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  @Test
  void excludesOtherCredentials() {
    assertThatThrownBy(
            () ->
                get()
                    .bearerTokenFile(secret)
                    .with(s -> s.oauth2(settings("https://login.test/")))
                    .settings())
        .hasMessageContaining("exclude each other");
    assertThatThrownBy(
            () ->
                get().trustingAnybody().with(s -> s.oauth2(settings("https://l.test/"))).settings())
        .hasMessageContaining("never sent to a peer that was not verified");
  }

  @ParameterizedTest
  @ValueSource(strings = {"login.test/token", "ftp://login.test/", "https://u:secret@login.test/"})
  void rejectsInvalidEndpoints(String url) {
    assertThatThrownBy(() -> settings(url))
        .hasMessageStartingWith("token_url: ")
        .hasMessageNotContaining("secret");
  }

  private OAuth2Settings settings(String url) {
    return new OAuth2Settings(
        "eksnet",
        secret,
        url,
        List.of("health.read", "metrics"),
        Map.of("audience", "a&b"),
        TlsSettings.DEFAULT);
  }

  private Probe probe(RawServer endpoint) {
    var url = "http://127.0.0.1:" + endpoint.port() + "/token?tenant=a";
    return TestHttpSettings.probe(get().with(s -> s.oauth2(settings(url))).settings(), bench);
  }

  private static String json(int status, String body) {
    return "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static RawServer endpoint(int status, String body) {
    return recording(json(status, body));
  }

  private static RawServer recording(String response) {
    var server = new RawServer[1];
    server[0] =
        RawServer.of(
            socket -> {
              var head = RawServer.request(socket.getInputStream());
              var length = head.replaceFirst("(?s).*\r\nContent-Length: (\\d+).*", "$1");
              var body =
                  length.matches("\\d+")
                      ? socket.getInputStream().readNBytes(Integer.parseInt(length))
                      : new byte[0];
              server[0].record(head + new String(body, StandardCharsets.UTF_8));
              RawServer.say(socket, response);
            });
    return server[0];
  }

  private static String url(RawServer server) {
    return "http://127.0.0.1:" + server.port() + "/";
  }

  private static Outcome run(Probe probe, RawServer target) {
    return await(probe.run(TestHttpSettings.target(url(target)), TIMEOUT));
  }
}
