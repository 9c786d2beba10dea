package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agent whose host has no free port left: what cannot be probed is not run for the reason {@code
 * prober}, and every other result is right. Part of {@code make soak}; needs root.
 */
@EnabledIfSystemProperty(named = "soak.starved", matches = "true")
class ExhaustedPortsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String NAMESPACE = "eksnet-soak";

  /** Of TEST-NET-2 (RFC 5737) and unique local addresses (RFC 4193). */
  private static final String AGENT = "198.51.100.2";

  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await();
    new ProcessBuilder("ip", "netns", "delete", NAMESPACE).start().waitFor();
  }

  @ParameterizedTest
  @ValueSource(strings = {"198.51.100.1", "fd00:ec::1"})
  void onlyTargetsWithoutAFreePortAreNotRun(String host) throws Exception {
    createNamespace();
    var silent = serve(host, request -> {});
    var good = serve(host, ExhaustedPortsTest::succeed);
    var config = config(host, silent, good);
    var address = AGENT + ":9853";
    try (var child =
        ChildProgram.start(
            directory,
            List.of("ip", "netns", "exec", NAMESPACE),
            Map.of(),
            "agent",
            "--config.file=" + config,
            "--web.listen-address=" + address)) {
      child.await(HTTP, URI.create("http://" + address + "/-/ready"));
      Await.until(
          "targets without a port",
          TIMEOUT,
          () -> page(address).sum("eksnet_probe_missed_total", Map.of("reason", "prober")),
          missed -> missed >= 50);

      var page = page(address);
      System.out.println("exhausted ports to " + host + ": " + outcomes(page));
      assertThat(outcomes(page).get("good")).containsOnlyKeys("success");
      assertThat(outcomes(page).get("refused")).containsOnlyKeys("conn_refused");
      assertThat(outcomes(page).get("silent")).containsOnlyKeys("timeout", "not_run");
      assertThat(page.sum("eksnet_probe_success", Map.of("probe", "silent"))).isZero();
      assertThat(child.stderr().lines().filter(line -> line.contains("EADDRNOTAVAIL")))
          .hasSizeBetween(1, 2);
    }
  }

  /** A network namespace with 11 local ports, and a link to it. */
  private static void createNamespace() throws Exception {
    run("ip", "netns", "add", NAMESPACE);
    run("ip", "link", "add", "eksnet-a", "type", "veth", "peer", "eksnet-b", "netns", NAMESPACE);
    run("ip", "address", "add", "198.51.100.1/30", "dev", "eksnet-a");
    run("ip", "address", "add", "fd00:ec::1/64", "dev", "eksnet-a", "nodad");
    run("ip", "link", "set", "eksnet-a", "up");
    var inside =
        "ip link set lo up && ip link set eksnet-b up && ip address add 198.51.100.2/30 dev"
            + " eksnet-b && ip address add fd00:ec::2/64 dev eksnet-b nodad && echo 40000 40010 >"
            + " /proc/sys/net/ipv4/ip_local_port_range";
    run("ip", "netns", "exec", NAMESPACE, "sh", "-c", inside);
  }

  private static void run(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + ": " + text).isZero();
  }

  private HttpServer serve(String host, Handler<HttpServerRequest> handler) {
    return vertx.createHttpServer().requestHandler(handler).listen(0, host).await();
  }

  private static void succeed(HttpServerRequest request) {
    request.response().putHeader("Connection", "close").end();
  }

  /** Runs of the silent targets overlap, so that they hold 20 connections to one port. */
  private Path config(String host, HttpServer silent, HttpServer good) throws IOException {
    var name = host.contains(":") ? "[" + host + "]" : host;
    int closed;
    try (var socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    return Files.writeString(
        directory.resolve("eksnet.yaml"),
        """
        suites: {dns: {enabled: false}, sts: {enabled: false}, identity: {enabled: false}, ipamd: {enabled: false}, ena: {enabled: false}}
        probes:
          - {name: silent, kind: http, interval: 2s, timeout: 1s, targets: [%s]}
          - {name: good, kind: http, interval: 4s, timeout: 3s, targets: [%s]}
          - {name: refused, kind: tcp, interval: 1s, timeout: 500ms, targets: ["%s:%d"]}
        """
            .formatted(
                targets(name, silent.actualPort(), 40),
                targets(name, good.actualPort(), 10),
                name,
                closed));
  }

  private static String targets(String host, int port, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"http://" + host + ":" + port + "/" + i + "\"")
        .collect(Collectors.joining(", "));
  }

  private static ExpositionSamples page(String address) throws Exception {
    return ExpositionSamples.parse(
        ChildProgram.get(HTTP, URI.create("http://" + address + "/metrics")).body());
  }

  /** Runs by probe and outcome. */
  private static Map<String, Map<String, Long>> outcomes(ExpositionSamples page) {
    return page.all().stream()
        .filter(sample -> sample.name().equals("eksnet_probe_total") && sample.value() > 0)
        .collect(
            Collectors.groupingBy(
                sample -> sample.labels().get("probe"),
                Collectors.groupingBy(
                    sample -> sample.labels().get("outcome"),
                    Collectors.summingLong(sample -> (long) sample.value()))));
  }
}
