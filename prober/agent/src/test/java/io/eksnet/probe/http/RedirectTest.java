package io.eksnet.probe.http;

import static io.eksnet.probe.http.TestHttpSettings.get;
import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.HungFile;
import io.eksnet.probe.net.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Bench bench =
      Bench.with(Map.of("shop.test", List.of("127.0.0.1"), "login.test", List.of("127.0.0.1")));
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  @TempDir private Path files;

  @AfterAll
  static void close() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/there", "there", "//shop.test:PORT/there", "http://SHOP.test:PORT/there"})
  void followsRedirectsOnTheSameHost(String location) throws IOException {
    try (var server = redirecting(302, location)) {
      var outcome = success(run(get(), "shop.test", server));

      assertThat(Bench.attributes(outcome, "status")).containsExactly("302", "200");
      assertThat(Bench.attributes(outcome, "redirect"))
          .containsExactly("302 to http://shop.test:" + server.port() + "/there");
    }
  }

  /** By section 5.2.2 of RFC 3986, and not RFC 2396. */
  @ParameterizedTest
  @CsvSource({
    "?x=1, /a/b?x=1",
    "?, /a/b?",
    "'', /a/b?old=1",
    "#part, /a/b?old=1",
    "?x=1#part, /a/b?x=1",
    "c, /a/c",
    "../c?x=1, /c?x=1",
    "./c, /a/c",
    "., /a/",
    "./, /a/",
    ".., /",
    "../.., /",
    "../../../c, /c",
    "/x/../c, /c",
    "/x/./y/../../c/, /c/",
    "/../c, /c",
    "/x/.., /",
    "/x/..?q=/../y, /?q=/../y",
    "/..., /...",
    "c/..g, /a/c/..g",
    "//shop.test/x/../c, /c",
    "http://shop.test/x/../c, /c",
    "http://shop.test, /",
    "http://shop.test:/c, /c",
    "http://shop.test?x, /?x",
    "c;x=1/../d, /a/d",
    "/two words, /two%20words",
    "/caf\u00c3\u00a9, /caf%C3%A9",
    "/caf\u00e9, /caf%E9",
    "/a%20b%zz, /a%20b%zz",
    "/[x]|y, /[x]|y",
    "/<x>`{y}^, /%3Cx%3E%60%7By%7D%5E",
    "?q=a b&r=\u00c3\u00a9, /a/b?q=a%20b&r=%C3%A9",
    "/x#caf\u00c3\u00a9 y, /x"
  })
  void resolvesRelativeReferences(String location, String path) {
    var from = Url.parse("http://shop.test/a/b?old=1");

    assertThat(from.resolve(location)).isEqualTo(new Url(false, "shop.test", 80, path));
  }

  @Test
  void convertsNonAsciiHostsOfRedirects() {
    var from = Url.parse("http://shop.test/");

    assertThat(from.resolve("//b\u00c3\u00bccher.test/\u00c3\u00bc").origin())
        .isEqualTo("http://xn--bcher-kva.test");
  }

  @Test
  void followsTheFirstOfSeveralLocations() throws IOException {
    try (var server =
        server(
            (path, reply) ->
                reply.append(
                    path.equals("/")
                        ? head("302 X", "Location: /one", "Location: /two", "Content-Length: 0")
                        : OK))) {
      success(run(get(), "shop.test", server));

      requests.remove();
      assertThat(requests.remove()).startsWith("GET /one ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Location:\r\n"})
  void saysWhatTheRedirectLacks(String header) throws IOException {
    try (var server =
        server(
            (path, reply) ->
                reply.append("HTTP/1.1 302 X\r\n" + header + "Content-Length: 0\r\n\r\n"))) {
      assertThat(failure(run(get(), "shop.test", server)).detail())
          .isEqualTo("status 302, expected 2xx; the redirect has no Location header");
    }
  }

  @Test
  void keepsCookiesFromOneRedirectToTheNext() throws IOException {
    try (var server =
        server(
            (path, reply) ->
                reply.append(
                    path.equals("/")
                        ? head(
                            "303 X",
                            "Location: /home",
                            "Set-Cookie: sid=1; Path=/",
                            "Set-Cookie: other=2; Path=/elsewhere",
                            "Content-Length: 0")
                        : OK))) {
      var settings = get().method("POST").body("x").headerFiles(Map.of("Cookie", secret("own=3")));

      var outcome = success(run(settings, "shop.test", server));

      assertThat(requests.remove()).contains("Cookie: own=3\r\n");
      assertThat(requests.remove()).contains("Cookie: own=3; sid=1\r\n");
      assertThat(outcome.toString()).doesNotContain("sid=1");
      assertThat(requests).isEmpty();
      success(run(settings, "shop.test", server));
      assertThat(requests.remove()).doesNotContain("sid=1");
    }
  }

  @Test
  void sendsTheBodyOfAFileToTheOwnOriginOnly() throws IOException {
    try (var other = server((path, reply) -> reply.append(OK));
        var server = redirecting(307, "http://shop.test:" + other.port() + "/there")) {
      var file = Files.writeString(files.resolve("body"), "pin=1234\n");
      var settings = get().method("POST").with(s -> s.bodyFile(file));

      var failure = failure(run(settings, "shop.test", server));

      assertThat(requests.remove()).contains("Content-Length: 9\r\n");
      assertThat(requests).isEmpty();
      assertThat(failure.detail()).contains("body_file is sent to the target's own origin only");
      assertThat(failure.toString()).doesNotContain("1234");
    }
  }

  @Test
  void keepsPathOnQueryOnlyRedirects() throws IOException {
    try (var server = redirecting(302, "/a/b", "?x=1")) {
      success(run(get(), "shop.test", server, "/a/b"));

      assertThat(requests.remove()).startsWith("GET /a/b ");
      assertThat(requests.remove()).startsWith("GET /a/b?x=1 ");
    }
  }

  @Test
  void hidesQueryOfRedirects() throws IOException {
    try (var server = redirecting(302, "/there?token=secret")) {
      var outcome = success(run(get(), "shop.test", server));

      assertThat(outcome.toString()).doesNotContain("secret");
    }
  }

  @Test
  void stopsRedirectLoopAtTheLimit() throws IOException {
    try (var server = redirecting(302, "/")) {
      var failure = failure(run(get().maxRedirects(3), "shop.test", server));

      assertThat(failure.cause()).isEqualTo(Cause.REDIRECT_LIMIT);
      assertThat(failure.detail()).isEqualTo("more than 3 redirects");
      assertThat(requests).hasSize(4);
    }
  }

  @Test
  void followsNoRedirectsWhenDisabled() throws IOException {
    try (var server = redirecting(302, "/there")) {
      assertThat(failure(run(get().maxRedirects(0), "shop.test", server)).cause())
          .isEqualTo(Cause.HTTP_STATUS);
    }
  }

  @Test
  void doesNotFollowExpectedRedirects() throws IOException {
    try (var server = redirecting(301, "/there")) {
      var outcome = success(run(get().status("2xx", "301"), "shop.test", server));

      assertThat(Bench.attributes(outcome, "status")).containsExactly("301");
    }
  }

  @Test
  void doesNotFollowRedirectsToOtherHosts() throws IOException {
    try (var server = redirecting(302, "http://login.test:PORT/there")) {
      var failure = failure(run(get(), "shop.test", server));

      assertThat(failure.cause()).isEqualTo(Cause.HTTP_STATUS);
      assertThat(failure.detail())
          .isEqualTo(
              "status 302, expected 2xx; redirect to login.test not followed, add it to"
                  + " redirect_hosts to allow it");
    }
  }

  @Test
  void followsRedirectsToConfiguredHosts() throws IOException {
    try (var server = redirecting(302, "http://login.test:PORT/there")) {
      success(run(get().redirectHosts("login.test"), "shop.test", server));

      assertThat(requests).hasSize(2);
      requests.remove();
      assertThat(requests.remove()).contains("Host: login.test:" + server.port() + "\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://shop.test/", "http://user:pw@shop.test/", "http://[broken/", "mailto:x"})
  void doesNotFollowRedirectsToOtherSchemes(String location) throws IOException {
    try (var server = redirecting(302, location)) {
      var failure = failure(run(get(), "shop.test", server));

      assertThat(failure.cause()).isEqualTo(Cause.HTTP_STATUS);
      assertThat(failure.toString()).doesNotContain("pw");
    }
  }

  @ParameterizedTest
  @CsvSource({"301, GET", "302, GET", "303, GET", "307, POST", "308, POST"})
  void changesMethodByRedirectStatus(int status, String method) throws IOException {
    try (var server = redirecting(status, "/there")) {
      success(run(get().method("POST").body("x"), "shop.test", server));

      assertThat(requests.remove()).startsWith("POST / ");
      assertThat(requests.remove()).startsWith(method + " /there ");
    }
  }

  @Test
  void sendsCredentialsToTheSameOrigin() throws IOException {
    try (var server = redirecting(302, "/there")) {
      success(run(get().basicAuth("probe", secret("s3cr3t\n")), "shop.test", server));

      var authorization = "Authorization: Basic cHJvYmU6czNjcjN0\r\n";
      assertThat(requests.remove()).contains(authorization);
      assertThat(requests.remove()).contains(authorization);
    }
  }

  @Test
  void withholdsCredentialsFromOtherOrigins() throws IOException {
    try (var other = server((path, reply) -> reply.append(OK));
        var server = redirecting(302, "http://shop.test:" + other.port() + "/there")) {
      var settings =
          get()
              .headerFiles(Map.of("X-Api-Key", secret("key-1")))
              .bearerTokenFile(secret("token-1"));

      var outcome = success(run(settings, "shop.test", server));

      assertThat(requests.remove())
          .contains("X-Api-Key: key-1\r\n")
          .contains("Authorization: Bearer token-1\r\n");
      assertThat(requests.remove()).doesNotContain("X-Api-Key").doesNotContain("Authorization");
      assertThat(outcome.toString()).doesNotContain("key-1").doesNotContain("token-1");
    }
  }

  @Test
  void reloadsChangedCredential() throws Exception {
    try (var server = server((path, reply) -> reply.append(OK))) {
      var file = secret("old");
      var probe = TestHttpSettings.probe(get().bearerTokenFile(file).settings(), bench);
      var target = TestHttpSettings.target("http://shop.test:" + server.port());
      success(await(probe.run(target, TIMEOUT)));
      assertThat(requests.remove()).contains("Bearer old\r\n");

      Files.writeString(file, "newer");

      var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      do {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(50);
        success(await(probe.run(target, TIMEOUT)));
      } while (!requests.remove().contains("Bearer newer\r\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines", "nul\0"})
  void doesNotRunWithInvalidCredential(String content) throws IOException {
    try (var server = server((path, reply) -> reply.append(OK))) {
      assertThat(run(get().bearerTokenFile(secret(content)), "shop.test", server))
          .satisfies(Bench::isLocalFailure);
      assertThat(requests).isEmpty();
    }
  }

  @Test
  void doesNotBlameTargetForHangingCredentialFile() throws Exception {
    try (var server = server((path, reply) -> reply.append(OK));
        var hung = HungFile.at(files.resolve("hung"))) {
      var probe = TestHttpSettings.probe(get().bearerTokenFile(hung.path()).settings(), bench);
      var target = TestHttpSettings.target("http://shop.test:" + server.port() + "/");

      assertThat(await(probe.run(target, Duration.ofMillis(300)))).satisfies(Bench::isLocalFailure);
      assertThat(requests).isEmpty();
    }
  }

  @Test
  void doesNotRunWithoutCredentialFile() throws IOException {
    try (var server = server((path, reply) -> reply.append(OK))) {
      assertThat(run(get().bearerTokenFile(files.resolve("none")), "shop.test", server))
          .satisfies(Bench::isLocalFailure);
    }
  }

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private static String head(String... lines) {
    return "HTTP/1.1 " + String.join("\r\n", lines) + "\r\n\r\n";
  }

  private interface Script {
    void reply(String path, StringBuilder reply);
  }

  private RawServer server(Script script) {
    return RawServer.of(
        socket -> {
          var request = RawServer.request(socket.getInputStream());
          requests.add(request);
          var reply = new StringBuilder();
          script.reply(path(request), reply);
          RawServer.say(
              socket, reply.toString().replace("PORT", Integer.toString(socket.getLocalPort())));
        });
  }

  private static String path(String request) {
    var from = request.indexOf(' ') + 1;
    return request.substring(from, request.indexOf(' ', from));
  }

  /** Sends from the root to {@code location}, and is content elsewhere. */
  private RawServer redirecting(int status, String location) {
    return redirecting(status, "/", location);
  }

  private RawServer redirecting(int status, String from, String location) {
    return server(
        (path, reply) ->
            reply.append(
                path.equals(from)
                    ? "HTTP/1.1 "
                        + status
                        + " Elsewhere\r\nLocation: "
                        + location
                        + "\r\nContent-Length: 0\r\n\r\n"
                    : OK));
  }

  private Path secret(String text) throws IOException {
    return Files.writeString(Files.createTempFile(files, "secret", ""), text);
  }

  private static Outcome run(TestHttpSettings given, String host, RawServer server) {
    return run(given, host, server, "/");
  }

  private static Outcome run(TestHttpSettings given, String host, RawServer server, String path) {
    var target = TestHttpSettings.target("http://" + host + ":" + server.port() + path);
    return await(TestHttpSettings.probe(given.settings(), bench).run(target, TIMEOUT));
  }
}
