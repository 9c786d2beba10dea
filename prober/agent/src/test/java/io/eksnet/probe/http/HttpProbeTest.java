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
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProbeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Pod: a\r\n\r\nok";
  private static final Bench bench =
      Bench.with(
          Map.of(
              "shop.test", List.of("127.0.0.1"),
              "two.test", List.of("127.0.0.1", "127.0.0.2")));

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void succeedsOn2xxWithAllPhasesButTls() throws IOException {
    try (var server = RawServer.of(answer(OK))) {
      var outcome = success(run(get(), "http://shop.test:" + server.port() + "/health"));

      assertThat(outcome.timings().phases())
          .containsOnlyKeys(Phase.RESOLVE, Phase.CONNECT, Phase.PROCESSING, Phase.TRANSFER);
      assertThat(Bench.attributes(outcome, "status")).containsExactly("200");
      assertThat(Bench.attributes(outcome, "protocol")).containsExactly("HTTP/1.1");
      assertThat(Bench.attributes(outcome, "body")).containsExactly("2 bytes");
    }
  }

  @Test
  void sendsConfiguredRequestWithConnectionClose() throws IOException {
    var requests = new java.util.concurrent.LinkedBlockingQueue<String>();
    try (var server =
        RawServer.of(
            socket -> {
              requests.add(RawServer.request(socket.getInputStream()));
              RawServer.say(socket, OK);
            })) {
      var settings = get().headers(Map.of("X-Team", "net")).host("www.shop.test").settings();

      success(run(settings, "http://shop.test:" + server.port() + "/a?b=c#d"));

      assertThat(requests.remove().split("\r\n"))
          .startsWith("GET /a?b=c HTTP/1.1", "Host: www.shop.test")
          .contains(
              "User-Agent: eksnet/dev",
              "Accept: */*",
              "Accept-Encoding: identity",
              "X-Team: net",
              "Connection: close")
          .hasSize(7);
    }
  }

  @Test
  void sendsBodyWithContentLength() throws IOException {
    var requests = new java.util.concurrent.LinkedBlockingQueue<String>();
    try (var server =
        RawServer.of(
            socket -> {
              requests.add(RawServer.request(socket.getInputStream()));
              requests.add(
                  new String(
                      socket.getInputStream().readNBytes(3),
                      java.nio.charset.StandardCharsets.UTF_8));
              RawServer.say(socket, OK);
            })) {
      success(run(get().method("POST").body("é!").settings(), url(server)));

      assertThat(requests.remove())
          .startsWith("POST / HTTP/1.1\r\n")
          .contains("Content-Length: 3\r\n");
      assertThat(requests.remove()).isEqualTo("é!");
    }
  }

  /** As servers answer an upload they refuse: the rest of the body is met with a reset. */
  @Test
  void takesTheResponseOfAServerThatResetsWhileTheBodyIsSent() throws IOException {
    var refused = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";
    try (var server = RawServer.of(answer(refused))) {
      var settings = get().method("POST").body("x".repeat(16_000_000)).settings();

      for (var i = 0; i < 20; i++) {
        var failure = failure(run(settings, url(server)));

        assertThat(failure.cause()).isEqualTo(Cause.HTTP_STATUS);
        assertThat(failure.detail()).contains("413");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2xx, 204, true",
    "2xx, 301, false",
    "200-203, 203, true",
    "200-203, 204, false",
    "404, 404, true",
    "999, 999, true",
    "2xx, 999, false",
    "9xx, 900, true",
    "200-999, 600, true",
    "served, 999, true"
  })
  void checksStatus(String expected, int status, boolean isSuccess) throws IOException {
    try (var server =
        RawServer.of(answer("HTTP/1.1 " + status + " Reason\r\nContent-Length: 0\r\n\r\n"))) {
      var settings = get().status(expected).settings();

      assertThat(run(settings, url(server)).label())
          .isEqualTo(isSuccess ? "success" : "http_status");
    }
  }

  @Test
  void reportsUnexpectedStatus() throws IOException {
    try (var server = RawServer.of(answer("HTTP/1.1 503 Oh\r\nContent-Length: 0\r\n\r\n"))) {
      var failure = failure(run(get(), url(server)));

      assertThat(failure.detail()).isEqualTo("status 503, expected 2xx");
      assertThat(failure.phase()).isEqualTo(Phase.PROCESSING);
    }
  }

  @ParameterizedTest
  @CsvSource({"^ok$, success", "OK, http_body"})
  void checksBody(String pattern, String label) throws IOException {
    try (var server = RawServer.of(answer(OK))) {
      assertThat(run(get().bodyMatches(pattern).settings(), url(server)).label()).isEqualTo(label);
    }
  }

  @Test
  void failsOnUnwantedBodyWithoutQuotingIt() throws IOException {
    try (var server =
        RawServer.of(answer("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npanic: x"))) {
      var failure = failure(run(get().bodyLacks("panic").settings(), url(server)));

      assertThat(failure.cause()).isEqualTo(Cause.HTTP_BODY);
      assertThat(failure.phase()).isEqualTo(Phase.TRANSFER);
      assertThat(failure.detail()).isEqualTo("unwanted match of \"panic\" in the body of 8 bytes");
    }
  }

  @ParameterizedTest
  @CsvSource({"x-pod, ^a$, success", "x-pod, b, http_body", "x-none, a, http_body"})
  void checksHeaders(String name, String pattern, String label) throws IOException {
    try (var server = RawServer.of(answer(OK))) {
      assertThat(run(get().headerMatches(name, pattern).settings(), url(server)).label())
          .isEqualTo(label);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x-pod, ^a$, http_body",
    "x-pod, ^b$, success",
    "x-pod, '', http_body",
    "x-none, '', success"
  })
  void checksThatHeadersAreAbsent(String name, String pattern, String label) throws IOException {
    try (var server = RawServer.of(answer(OK))) {
      assertThat(run(get().headerAbsent(name, pattern).settings(), url(server)).label())
          .isEqualTo(label);
    }
  }

  @ParameterizedTest
  @CsvSource({"x-pod, ^a$, success", "x-pod, ^b$, http_body", "x-none, ^b$, success"})
  void checksHeadersThatMayBeMissing(String name, String pattern, String label) throws IOException {
    try (var server = RawServer.of(answer(OK))) {
      assertThat(run(get().headerMatchesIfPresent(name, pattern).settings(), url(server)).label())
          .isEqualTo(label);
    }
  }

  @Test
  void checksThatTheResponseCameWithoutTls() throws IOException {
    try (var server = RawServer.of(answer(OK))) {
      success(run(get().overTls(false), url(server)));

      var failure = failure(run(get().overTls(true), url(server)));
      assertThat(failure.cause()).isEqualTo(Cause.WRONG_ANSWER);
      assertThat(failure.detail()).isEqualTo("the response came without TLS");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Length: 9|Transfer-Encoding: chunked|2~ok~0~~",
        "Content-Length: 2|Content-Length: 2|ok",
        "X: y|Content-Length: 2, 2|ok"
      })
  void takesLenientFramingWithARemark(String one, String two, String body) throws IOException {
    var response = "HTTP/1.1 200 OK~" + one + "~" + two + "~~" + body;
    try (var server = RawServer.of(answer(response.replace("~", "\r\n")));
        var lines = RawServer.of(answer(response.replace('~', '\n')))) {
      var settings = get().bodyMatches("^ok$").settings();

      assertThat(Bench.attributes(success(run(settings, url(server))), "not as RFC 9112"))
          .hasSize(1);
      assertThat(Bench.attributes(success(run(settings, url(lines))), "not as RFC 9112"))
          .hasSize(2);
    }
  }

  @Test
  void limitsBodiesThatNothingReadsOnlyOnRequest() throws IOException {
    var body = "x".repeat(2_000_000);
    try (var server =
        RawServer.of(
            answer("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))) {
      assertThat(Bench.attributes(success(run(get(), url(server))), "body"))
          .containsExactly("2000000 bytes");
      assertThat(run(get().maxBody(1_999_999), url(server)).label()).isEqualTo("too_large");
      assertThat(run(get().bodyMatches("x"), url(server)).label()).isEqualTo("too_large");
      success(run(get().bodyMatches("x").maxBody(2_000_000), url(server)));
    }
  }

  /** Backtracks for ever in java.util.regex. */
  @Test
  void searchesALargeBodyInLinearTime() throws IOException {
    var body = "x".repeat(200_000);
    try (var server =
        RawServer.of(
            RawServer.answer(
                "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))) {
      var explosive = "(x+x+)+y";

      assertThat(failure(run(get().bodyMatches(explosive).settings(), url(server))).detail())
          .isEqualTo("no match of \"" + explosive + "\" in the body of 200000 bytes");
      success(run(get().bodyLacks(explosive).settings(), url(server)));
    }
  }

  @Test
  void rejectsBodyAboveMaxBody() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.request(socket.getInputStream());
              RawServer.say(socket, "HTTP/1.1 200 OK\r\n\r\n");
              while (true) {
                RawServer.say(socket, "x".repeat(10_000));
              }
            })) {
      var failure = failure(run(get().maxBody(100_000).settings(), url(server)));

      assertThat(failure.cause()).isEqualTo(Cause.TOO_LARGE);
      assertThat(failure.phase()).isEqualTo(Phase.TRANSFER);
    }
  }

  @Test
  void acceptsBodyOfExactlyMaxBody() throws IOException {
    try (var server = RawServer.of(answer(OK))) {
      success(run(get().maxBody(2).settings(), url(server)));
      assertThat(failure(run(get().maxBody(1).settings(), url(server))).cause())
          .isEqualTo(Cause.TOO_LARGE);
    }
  }

  @Test
  void rejectsEndlessHeaders() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.request(socket.getInputStream());
              RawServer.say(socket, "HTTP/1.1 200 OK\r\n");
              while (true) {
                RawServer.say(socket, "X: " + "x".repeat(1000) + "\r\n");
              }
            })) {
      assertThat(failure(run(get(), url(server))).cause()).isEqualTo(Cause.TOO_LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "220 mail ready",
        "HTTP/1.1 two hundred\r\n\r\n",
        "HTTP/3.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
      })
  void reportsOtherProtocolsAsProtocolFailure(String response) throws IOException {
    try (var server = RawServer.of(answer(response))) {
      assertThat(failure(run(get(), url(server))).cause()).isEqualTo(Cause.HTTP_PROTOCOL);
    }
  }

  @Test
  void rejectsGarbageWithoutLineEndAtOnce() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.say(socket, "J\0\0\0\n8.0.36");
              socket.getInputStream().readAllBytes();
            })) {
      assertThat(failure(run(get(), url(server))).cause()).isEqualTo(Cause.HTTP_PROTOCOL);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
      })
  void reportsIncompleteResponseAsReset(String response) throws IOException {
    try (var server = RawServer.of(answer(response))) {
      assertThat(failure(run(get(), url(server))).cause()).isEqualTo(Cause.RESET);
    }
  }

  @Test
  void reportsRstBeforeResponseAsReset() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.request(socket.getInputStream());
              RawServer.reset(socket);
            })) {
      var failure = failure(run(get(), url(server)));

      assertThat(failure.cause()).isEqualTo(Cause.RESET);
      assertThat(failure.phase()).isEqualTo(Phase.PROCESSING);
    }
  }

  @Test
  void reportsSilenceAsTimeoutInProcessing() throws IOException {
    try (var server = RawServer.of(socket -> socket.getInputStream().readAllBytes())) {
      var failure =
          failure(
              await(
                  TestHttpSettings.probe(get().settings(), bench)
                      .run(TestHttpSettings.target(url(server)), SHORT_TIMEOUT)));

      assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(failure.phase()).isEqualTo(Phase.PROCESSING);
      assertThat(failure.timings().phases()).containsOnlyKeys(Phase.RESOLVE, Phase.CONNECT);
    }
  }

  @Test
  void reportsEndlessResponseAsTimeoutInTransfer() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.request(socket.getInputStream());
              RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok");
              socket.getInputStream().readAllBytes();
            })) {
      var failure =
          failure(
              await(
                  TestHttpSettings.probe(get().settings(), bench)
                      .run(TestHttpSettings.target(url(server)), SHORT_TIMEOUT)));

      assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(failure.phase()).isEqualTo(Phase.TRANSFER);
    }
  }

  @Test
  void skipsInterimResponses() throws IOException {
    try (var server =
        RawServer.of(
            answer(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK))) {
      var outcome = success(run(get().bodyMatches("^ok$").settings(), url(server)));

      assertThat(Bench.attributes(outcome, "status")).containsExactly("200");
    }
  }

  @Test
  void expectsNoBodyOfHead() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.request(socket.getInputStream());
              RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n");
              socket.getInputStream().readAllBytes();
            })) {
      success(run(get().method("HEAD").settings(), url(server)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void expectsNoBodyOf204And304(int status) throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.request(socket.getInputStream());
              RawServer.say(socket, "HTTP/1.1 " + status + " X\r\n\r\n");
              socket.getInputStream().readAllBytes();
            })) {
      success(run(get().status("204", "304").settings(), url(server)));
    }
  }

  @Test
  void doesNotWaitForServersThatKeepConnectionsOpen() throws IOException {
    var closedByProbe = new CompletableFuture<Integer>();
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.request(socket.getInputStream());
              RawServer.say(socket, OK);
              closedByProbe.complete(socket.getInputStream().read());
            })) {
      var outcome = success(run(get(), url(server)));

      assertThat(outcome.timings().totalNanos()).isLessThan(TIMEOUT.toNanos());
      assertThat(closedByProbe).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(-1);
    }
  }

  @Test
  void connectsToConfiguredAddress() throws IOException {
    try (var server = RawServer.on("127.0.0.2", 0, answer(OK))) {
      var outcome =
          success(
              run(get().address("127.0.0.2").settings(), "http://nowhere.test:" + server.port()));

      assertThat(Bench.attributes(outcome, "connect"))
          .containsExactly("127.0.0.2 port " + server.port());
    }
  }

  @Test
  void reportsEachAddressOnItsOwn() throws IOException {
    try (var one = RawServer.on("127.0.0.1", 0, answer(OK));
        var two =
            RawServer.on(
                "127.0.0.2", one.port(), answer("HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n"))) {
      var outcome =
          run(get().addresses(AddressSelection.ALL).settings(), "http://two.test:" + one.port());

      assertThat(two.port()).isEqualTo(one.port());
      var parts = ((Outcome.Several) outcome).parts();
      assertThat(parts)
          .extracting(part -> part.address() + " " + part.outcome().label())
          .containsExactly("127.0.0.1 success", "127.0.0.2 http_status");
    }
  }

  @Test
  void connectsToIpv6Urls() throws IOException {
    var requests = new java.util.concurrent.LinkedBlockingQueue<String>();
    try (var server =
        RawServer.on(
            "::1",
            0,
            socket -> {
              requests.add(RawServer.request(socket.getInputStream()));
              RawServer.say(socket, OK);
            })) {
      success(run(get(), "http://[::1]:" + server.port() + "/"));

      assertThat(requests.remove()).contains("Host: [::1]:" + server.port() + "\r\n");
    }
  }

  @Test
  void reportsClosedPortAsRefused() throws IOException {
    var server = RawServer.of(answer(OK));
    server.close();

    assertThat(failure(run(get(), url(server))).cause()).isEqualTo(Cause.CONN_REFUSED);
  }

  @Test
  void leaksNoSocketAndNoTimer() throws IOException {
    try (var reset =
            RawServer.of(
                socket -> {
                  RawServer.request(socket.getInputStream());
                  RawServer.reset(socket);
                });
        var broken = RawServer.of(answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"));
        var garbage = RawServer.of(answer("garbage"));
        var wrong = RawServer.of(answer("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"))) {
      var probe = TestHttpSettings.probe(get().settings(), bench);
      var targets =
          List.of(
              TestHttpSettings.target(url(reset)),
              TestHttpSettings.target(url(broken)),
              TestHttpSettings.target(url(garbage)),
              TestHttpSettings.target(url(wrong)));
      for (var target : targets) {
        failure(await(probe.run(target, TIMEOUT)));
      }
      var sockets = Bench.sockets();
      var timers = bench.timers();

      for (int i = 0; i < 1000; i++) {
        failure(await(probe.run(targets.get(i % 4), TIMEOUT)));
      }

      assertThat(bench.timers()).isEqualTo(timers);
      Bench.awaitSockets(sockets + 6);
    }
  }

  private static String url(RawServer server) {
    return "http://shop.test:" + server.port() + "/";
  }

  private static Outcome run(TestHttpSettings given, String url) {
    return run(given.settings(), url);
  }

  private static Outcome run(HttpSettings settings, String url) {
    return await(
        TestHttpSettings.probe(settings, bench).run(TestHttpSettings.target(url), TIMEOUT));
  }
}
