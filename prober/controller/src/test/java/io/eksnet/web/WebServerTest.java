package io.eksnet.web;

import static io.eksnet.web.WebFixture.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Observation;
import io.eksnet.model.diagnosis.HostReport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {
  private final Endpoints endpoints = new Endpoints();

  @AfterEach
  void close() {
    endpoints.close();
  }

  @Test
  void reportsWhyItIsUnhealthy() {
    assertThat(endpoints.get("/-/healthy").statusCode()).isEqualTo(200);

    endpoints.trouble = Optional.of("no tick for 30 s");

    var sick = endpoints.get("/-/healthy");
    assertThat(sick.statusCode()).isEqualTo(503);
    assertThat(sick.body()).isEqualTo("not healthy: no tick for 30 s\n");
  }

  @Test
  void readinessIsIndependentOfHealth() {
    endpoints.notReady = Optional.of("first round not done");

    assertThat(endpoints.get("/-/ready").statusCode()).isEqualTo(503);
    assertThat(endpoints.get("/-/healthy").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT"})
  void reloadSucceedsOnlyWhenTheNewConfigIsActive(String method) {
    assertThat(endpoints.send(method, "/-/reload").statusCode()).isEqualTo(200);

    endpoints.reload = Future.succeededFuture(Optional.of("line 3: unknown key"));

    var refused = endpoints.send(method, "/-/reload");
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(refused.body())
        .isEqualTo("reload failed, keeping previous config: line 3: unknown key\n");
  }

  @Test
  void reloadIsDisabledByDefault() {
    try (var closed = new Endpoints(WebConfig.OPEN, false, HttpClient.newHttpClient())) {
      var refused = closed.send("POST", "/-/reload");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("--web.enable-lifecycle");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/-/reload,'POST, PUT'",
    "POST,/metrics,'GET, HEAD'",
    "DELETE,/,'GET, HEAD'",
    "PUT,/api/v1/targets,'GET, HEAD'"
  })
  void wrongMethodGets405WithAllow(String method, String path, String allowed) {
    var answer = endpoints.send(method, path);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/metrics",
        "/config",
        "/-/healthy",
        "/-/ready",
        "/api/v1/targets",
        "/api/v1/observations",
        "/nothing"
      })
  void headIsGetWithoutTheBody(String path) {
    var get = endpoints.get(path);
    var head = endpoints.send("HEAD", path);

    assertThat(head.statusCode()).isEqualTo(get.statusCode());
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Type"))
        .isEqualTo(get.headers().firstValue("Content-Type"));
    assertThat(head.headers().firstValue("Content-Length"))
        .isEqualTo(get.headers().firstValue("Content-Length"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/metrics", "/nothing", "/probe", "/api/v1/targets"})
  void setsSecurityHeadersOnAllResponses(String path) {
    var headers = endpoints.get(path).headers();

    assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
    assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; img-src data:; style-src 'sha256-")
        .doesNotContain("unsafe");
  }

  @Test
  void unknownPathGets404InTheFormatOfTheClient() {
    assertThat(endpoints.get("/nothing").statusCode()).isEqualTo(404);
    assertThat(endpoints.get("/nothing").body()).isEqualTo("unknown path; see /\n");
    assertThat(endpoints.get("/api/v1/findings").statusCode()).isEqualTo(404);
    assertThat(endpoints.get("/api/v1/findings").body()).contains("only a controller");
    assertThat(new JsonObject(endpoints.get("/api/v2/x").body()).getString("error")).isNotEmpty();
    assertThat(
            new JsonObject(endpoints.get("/nothing", "Accept", "application/json").body())
                .getString("error"))
        .isNotEmpty();
  }

  @Test
  void compressesMetricsForClientsThatAcceptGzip() throws IOException {
    var request =
        HttpRequest.newBuilder(endpoints.uri("/metrics")).header("Accept-Encoding", "gzip").build();
    var answer = endpoints.send(request, BodyHandlers.ofByteArray());

    assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("# HELP up Up.\nup 1\n");
    assertThat(endpoints.get("/metrics").body()).isEqualTo("# HELP up Up.\nup 1\n");
  }

  @Test
  void sharesARenderOfMetricsAmongRequestsForTheSameFormat() throws Exception {
    var started = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    endpoints.metrics =
        (accept, out) -> {
          started.countDown();
          awaitLatch(go);
          out.write("up 1\n".repeat(100_000).getBytes(StandardCharsets.UTF_8));
          return "text/plain";
        };
    var first = CompletableFuture.supplyAsync(() -> endpoints.get("/metrics"));
    started.await(20, TimeUnit.SECONDS);
    var second =
        CompletableFuture.supplyAsync(
            () -> endpoints.get("/metrics", "Accept", "text/plain;version=0.0.4;q=0.5, */*;q=0.1"));
    assertThat(endpoints.get("/-/healthy").statusCode()).isEqualTo(200);
    var waiting = endpoints.get("/-/ready");
    assertThat(waiting.statusCode()).isEqualTo(200);
    go.countDown();

    assertThat(first.get(20, TimeUnit.SECONDS).body()).hasSize(500_000);
    assertThat(second.get(20, TimeUnit.SECONDS).body()).hasSize(500_000);
    assertThat(endpoints.pages.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void failedRenderOfMetricsIsAnError() {
    endpoints.metrics =
        (accept, out) -> {
          throw new IOException("duplicate labels");
        };

    var answer = endpoints.get("/metrics");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("duplicate labels");
  }

  @Test
  void probesAConfiguredTargetWithTrace() {
    endpoints.tasks = List.of(task("db", "db.internal:5432"));

    var answer = endpoints.get("/probe?target=db.internal:5432");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "probe db (tcp)",
            "target db.internal:5432",
            "at 2026-11-21T12:00:00Z",
            "took 4.000 ms",
            "outcome success",
            "resolve 1.500 ms",
            "connect 2.000 ms",
            "duration 3.500 ms",
            "address 10.0.9.9");
  }

  @Test
  void probeReturnsJsonOnRequest() {
    var db = task("db", "db.internal:5432");
    endpoints.tasks = List.of(db);
    endpoints.probe = task -> Future.succeededFuture(WebFixture.failed(task, 0));

    var json = new JsonObject(endpoints.get("/probe?target=db.internal:5432&format=json").body());

    assertThat(json.getString("outcome")).isEqualTo("conn_refused");
    assertThat(json.getBoolean("success")).isFalse();
    assertThat(json.getString("phase")).isEqualTo("connect");
    assertThat(json.getString("detail")).isEqualTo("10.0.9.9:5432 refused <b>");
    assertThat(json.containsKey("duration_seconds")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/probe,400",
    "/probe?target=,400",
    "/probe?target=169.254.169.254:80,404",
    "/probe?target=twice,400",
    "/probe?target=twice&probe=a,200",
    "/probe?target=a/twice,200",
    "/probe?target=twice&probe=c,404",
    "/probe?target=b,200",
    "/probe?target=10.0.0.2&probe=suite:dns/service/internal,200"
  })
  void probesOnlyConfiguredTargets(String path, int status) {
    endpoints.tasks =
        List.of(task("a", "twice"), task("b", "twice"), WebFixture.dns("service", "internal"));

    assertThat(endpoints.get(path).statusCode()).isEqualTo(status);
  }

  @Test
  void limitsConcurrentProbes() throws Exception {
    endpoints.tasks = List.of(task("db", "db"));
    var running = new CountDownLatch(4);
    Promise<Observation> verdict = Promise.promise();
    endpoints.probe =
        task -> {
          running.countDown();
          return verdict.future();
        };
    var waiting =
        IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> endpoints.get("/probe?target=db")))
            .toList();
    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(endpoints.get("/probe?target=db").statusCode()).isEqualTo(429);

    verdict.complete(WebFixture.succeeded(task("db", "db"), 0));
    for (var answer : waiting) {
      assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(endpoints.get("/probe?target=db").statusCode()).isEqualTo(200);
  }

  @Test
  void failedProbeIsAnErrorAndFreesItsSlot() {
    endpoints.tasks = List.of(task("db", "db"));
    endpoints.probe =
        task -> {
          throw new IllegalStateException("stopping");
        };

    for (int i = 0; i < 6; i++) {
      assertThat(endpoints.get("/probe?target=db").statusCode()).isEqualTo(500);
    }
  }

  @Test
  void targetsHaveTheirLastOutcome() {
    var db = task("db", "db:5432");
    endpoints.tasks = List.of(db, task("web", "web:80"));
    endpoints.history.add(WebFixture.failed(db, 1));

    var json = new JsonObject(endpoints.get("/api/v1/targets?probe=db").body());

    assertThat(json.getInteger("total")).isEqualTo(2);
    assertThat(json.getJsonArray("targets")).hasSize(1);
    var target = json.getJsonArray("targets").getJsonObject(0);
    assertThat(target.getString("target")).isEqualTo("db:5432");
    assertThat(target.getDouble("interval_seconds")).isEqualTo(10.0);
    assertThat(target.getJsonObject("last").getString("outcome")).isEqualTo("conn_refused");
  }

  @Test
  void filtersLimitsAndSortsObservations() {
    var db = task("db", "db:5432");
    endpoints.history.add(WebFixture.succeeded(db, 1));
    endpoints.history.add(WebFixture.failed(db, 2));
    endpoints.history.add(WebFixture.succeeded(task("web", "web:80"), 3));

    var all = new JsonObject(endpoints.get("/api/v1/observations").body());
    var one = new JsonObject(endpoints.get("/api/v1/observations?probe=db&limit=1").body());

    assertThat(all.getJsonArray("observations"))
        .extracting(seen -> ((JsonObject) seen).getString("at"))
        .containsExactly("2026-11-21T12:00:03Z", "2026-11-21T12:00:02Z", "2026-11-21T12:00:01Z");
    assertThat(one.getJsonArray("observations"))
        .extracting(seen -> ((JsonObject) seen).getString("outcome"))
        .containsExactly("conn_refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1001", "x", "99999999999", ""})
  void rejectsInvalidLimit(String limit) {
    assertThat(endpoints.get("/api/v1/observations?limit=" + limit).statusCode()).isEqualTo(400);
  }

  @Test
  void showsTheConfig() {
    assertThat(endpoints.get("/config").body()).isEqualTo("cluster: demo\n");
  }

  @Test
  void statusPageShowsFailuresAndEscapesNames() {
    var hostile = task("<script>alert(1)</script>", "\"'&");
    endpoints.history.add(WebFixture.failed(hostile, 0));

    var page = endpoints.get("/").body();

    assertThat(page)
        .contains("<html lang=\"en\">", "eksnet &lt;agent&gt;", "60 s ago")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "<td>\"'&amp;</td>", "refused &lt;b&gt;")
        .contains("<th scope=\"col\">Outcome</th>", "conn_refused")
        .doesNotContain("<script", "http://", "https://");
    assertThat(endpoints.pages.get()).isZero();
  }

  @Test
  void rejectsMalformedRequests() throws IOException {
    assertThat(endpoints.raw("nonsense\r\n\r\n")).contains(" 400 ");
    assertThat(endpoints.raw("GET /" + "a".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .contains(" 414 ");
    assertThat(
            endpoints.raw(
                "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(40_000) + "\r\n\r\n"))
        .contains(" 431 ");
    assertThat(
            endpoints.raw("GET /probe?target=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(endpoints.raw("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 40");
    assertThat(endpoints.raw("GET /%2e%2e/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 40");

    assertThat(endpoints.get("/-/healthy").statusCode()).isEqualTo(200);
  }

  /** Beyond the limit, a connection gets one of the places for health checks, for a short time. */
  @Test
  void limitsConnections() throws IOException {
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 257; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), endpoints.server().port()));
      }
      var last = sockets.get(256);
      last.setSoTimeout(20_000);
      assertThat(last.getInputStream().read()).isEqualTo(-1);
      var first = sockets.get(0);
      first
          .getOutputStream()
          .write("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(first.getInputStream().readNBytes(12))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("HTTP/1.1 200");
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void limitsTheRequestBody() {
    var long0 =
        HttpRequest.newBuilder(endpoints.uri("/-/reload"))
            .POST(BodyPublishers.ofByteArray(new byte[100_000]))
            .build();

    assertThat(endpoints.send(long0, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
  }

  @Test
  void namesAnAddressInUse() {
    var taken = "127.0.0.1:" + endpoints.server().port();

    assertThatThrownBy(() -> startOn(taken)).hasMessageContaining("cannot listen on " + taken);
  }

  @Test
  void configuredHeadersReplaceDefaults() {
    var config =
        new WebConfig(
            Optional.empty(),
            Map.of(),
            new HttpServing(true, Map.of("X-Frame-Options", "SAMEORIGIN")));
    try (var framed = new Endpoints(config, false, HttpClient.newHttpClient())) {
      assertThat(framed.get("/").headers().allValues("X-Frame-Options"))
          .containsExactly("SAMEORIGIN");
    }
  }

  @Test
  void statusPageHasACanonicalLink() {
    assertThat(endpoints.get("/").headers().allValues("Link"))
        .containsExactly("<https://net.example.com/eksnet/>; rel=\"canonical\"");
    assertThat(endpoints.get("/metrics").headers().allValues("Link")).isEmpty();
  }

  private static void startOn(String address) {
    var vertx = AcceptingTransport.vertx(new VertxOptions());
    try {
      var sources =
          new EndpointDependencies(
              new About("x", "1", "r", Optional.empty()),
              (accept, out) -> "",
              Optional::empty,
              Optional::empty,
              () -> Future.succeededFuture(Optional.empty()),
              () -> "",
              List::of,
              task -> Future.failedFuture("no"),
              new History(1, 1),
              () -> WebFixture.NOON,
              () -> HostReport.NOTHING,
              SharedToken.NONE,
              /* trustLoopback= */ true,
              Optional.empty());
      Endpoints.await(
          WebServer.start(vertx, ListenAddress.parse(address), WebConfig.OPEN, sources, false));
    } finally {
      Endpoints.await(vertx.close());
    }
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
