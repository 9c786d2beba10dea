package io.eksnet.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.cli.Await;
import io.eksnet.cli.ChildProgram;
import io.eksnet.cli.ExpositionSamples;
import io.eksnet.cli.Main;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agent with very little CPU: dead targets are reported in time, and no good target is reported
 * as failed. Part of {@code make soak}; takes six minutes.
 */
@EnabledIfSystemProperty(named = "soak.starved", matches = "true")
class StarvedHostTest {
  private static final int GOOD_TARGETS = 500;
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  /** Three intervals and the timeout. */
  private static final Duration MAX_DELAY = INTERVAL.multipliedBy(3).plus(TIMEOUT);

  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration STARVED = Duration.ofSeconds(15);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private String address = "";
  private Process agent;

  @AfterEach
  void close() {
    if (agent != null) {
      agent.destroyForcibly().onExit().join();
    }
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 30, 10, 3})
  void reportsDeadTargetsInTimeAndNoGoodTargetAsFailed(int percent) throws Exception {
    var dead = new AtomicBoolean();
    var good = serve(StarvedHostTest::succeed);
    var silent = serve(request -> answerUnless(dead, request, () -> {}));
    var failing =
        serve(
            request ->
                answerUnless(dead, request, () -> request.response().setStatusCode(503).end()));
    var refused = serve(StarvedHostTest::succeed);
    start(
        """
        probes:
          - {name: silent, kind: http, targets: ["%s"], interval: 5s, timeout: 4s}
          - {name: failing, kind: http, targets: ["%s"], interval: 5s, timeout: 4s}
          - {name: refused, kind: http, targets: ["%s"], interval: 5s, timeout: 4s}
          - name: good
            kind: http
            interval: 5s
            timeout: 4s
            targets:
        %s
        """
            .formatted(
                url(silent),
                url(failing),
                url(refused),
                IntStream.range(0, GOOD_TARGETS)
                    .mapToObj(i -> "      - " + url(good) + i)
                    .collect(Collectors.joining("\n"))));
    sleep(WARM_UP);

    Instant died;
    String method;
    try (var limit = CpuLimit.of(agent, percent)) {
      method = limit.method();
      sleep(STARVED);
      died = Instant.now();
      dead.set(true);
      refused.close().await();
      sleep(MAX_DELAY.plusSeconds(10));
    }

    var delays = new LinkedHashMap<String, Optional<Duration>>();
    for (var probe : List.of("silent", "failing", "refused")) {
      delays.put(probe, firstFailure(probe, died));
    }
    var page = ExpositionSamples.parse(get("/metrics"));
    System.out.printf(
        "starved: %d %% of a core (%s): reported after %s; good: %s%n",
        percent, method, seconds(delays), outcomes(page, "good"));
    assertThat(page.sum("eksnet_probe_total", Map.of("probe", "good", "outcome", "success")))
        .isPositive();
    assertThat(outcomes(page, "good").keySet()).isSubsetOf("success", "not_run");
    for (var delay : delays.entrySet()) {
      assertThat(delay.getValue()).as(delay.getKey()).isPresent();
      assertThat(delay.getValue().orElseThrow()).as(delay.getKey()).isLessThan(MAX_DELAY);
    }
  }

  /** Stopped for 150 ms of every 1.4 s, a run of 4 s nearly always contains a stop. */
  @Test
  void reportsASilentNameServerAlthoughTheProcessIsStoppedForATenthOfTheTime() throws Exception {
    try (var server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      start(
          """
          probes:
            - name: silent
              kind: dns
              query: a.example
              targets: ["127.0.0.1:%d"]
              interval: 5s
              timeout: 4s
          """
              .formatted(server.getLocalPort()));
      try (var limit =
          CpuLimit.stopping(agent, Duration.ofMillis(1_250), Duration.ofMillis(1_400))) {
        assertThat(limit.method()).isEqualTo("SIGSTOP");
        sleep(Duration.ofSeconds(30));
      }

      var page = ExpositionSamples.parse(get("/metrics"));
      System.out.println("starved: SIGSTOP 150 ms per 1.4 s: " + outcomes(page, "silent"));
      assertThat(outcomes(page, "silent").getOrDefault("timeout", 0L)).isGreaterThanOrEqualTo(4);
      assertThat(outcomes(page, "silent")).containsOnlyKeys("timeout");
      assertThat(page.sum("eksnet_probe_success", Map.of("probe", "silent"))).isZero();
    }
  }

  private HttpServer serve(Handler<HttpServerRequest> handler) {
    return vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1").await();
  }

  private static void answerUnless(AtomicBoolean dead, HttpServerRequest request, Runnable answer) {
    if (dead.get()) {
      answer.run();
    } else {
      succeed(request);
    }
  }

  private static void succeed(HttpServerRequest request) {
    request.response().putHeader("Connection", "close").end();
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.actualPort() + "/";
  }

  private void start(String probes) throws Exception {
    var config =
        """
        suites: {dns: {enabled: false}, sts: {enabled: false}, identity: {enabled: false}, ipamd: {enabled: false}, ena: {enabled: false}}
        """
            + probes;
    var file = Files.writeString(directory.resolve("eksnet.yaml"), config);
    address = ChildProgram.freeAddress();
    var log = directory.resolve("log").toFile();
    agent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "agent",
                "--config.file=" + file,
                "--web.listen-address=" + address)
            .redirectOutput(log)
            .redirectError(log)
            .start();
    Await.until("the agent", Duration.ofMinutes(1), this::isReady, ready -> ready);
  }

  private boolean isReady() throws Exception {
    if (!agent.isAlive()) {
      throw new AssertionError(Files.readString(directory.resolve("log")));
    }
    try {
      return ChildProgram.get(HTTP, URI.create("http://" + address + "/-/ready")).statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String get(String path) throws Exception {
    return ChildProgram.get(HTTP, URI.create("http://" + address + path)).body();
  }

  /** How long after {@code died} the first failed run ended. */
  private Optional<Duration> firstFailure(String probe, Instant died) throws Exception {
    var observations =
        new JsonObject(get("/api/v1/observations?limit=100&probe=" + probe))
            .getJsonArray("observations");
    Predicate<JsonObject> failed =
        observation ->
            !observation.getBoolean("success")
                && !observation.getString("outcome").equals("not_run");
    return observations.stream()
        .map(JsonObject.class::cast)
        .filter(failed)
        .map(
            observation ->
                Instant.parse(observation.getString("at"))
                    .plusMillis((long) (observation.getDouble("took_seconds") * 1_000)))
        .filter(died::isBefore)
        .map(ended -> Duration.between(died, ended))
        .min(Duration::compareTo);
  }

  private static Map<String, Long> outcomes(ExpositionSamples page, String probe) {
    return page.all().stream()
        .filter(sample -> sample.name().equals("eksnet_probe_total"))
        .filter(sample -> probe.equals(sample.labels().get("probe")) && sample.value() > 0)
        .collect(
            Collectors.groupingBy(
                sample -> sample.labels().get("outcome"),
                Collectors.summingLong(sample -> (long) sample.value())));
  }

  private static String seconds(Map<String, Optional<Duration>> delays) {
    return delays.entrySet().stream()
        .map(
            delay ->
                delay.getKey()
                    + " "
                    + delay.getValue().map(d -> d.toMillis() / 1e3 + " s").orElse("never"))
        .collect(Collectors.joining(", "));
  }

  private static void sleep(Duration duration) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(duration.toMillis());
  }
}
