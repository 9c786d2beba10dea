package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.TcpServer;
import io.eksnet.probe.net.HungFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program while files and pipes block: standard error that nobody reads, a config that never
 * answers or never ends, and a web config of that kind.
 */
@Timeout(120)
class BlockedFilesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Their log events exceed the buffer of a pipe (64 KiB) and the queue of the program. */
  private static final int FAILING_TARGETS = 4_800;

  private static final String SUITES =
      "suites: {dns: {enabled: false}, sts: {enabled: false}, identity: {enabled: false},"
          + " ipamd: {enabled: false}, ena: {enabled: false}}\n";

  @TempDir Path directory;

  /** Part of {@code make soak}: it takes as long as thousands of targets need to fail. */
  @Test
  @EnabledIfSystemProperty(named = "soak.starved", matches = "true")
  void probesGoOnWhileNobodyReadsTheLog() throws Exception {
    try (var server = TcpServer.start("")) {
      var failing =
          IntStream.range(0, FAILING_TARGETS)
              .mapToObj(i -> "127.2." + i / 250 + "." + (1 + i % 250) + ":9")
              .collect(Collectors.joining(", "));
      var config =
          write(
              "eksnet.yaml",
              probes(server)
                  + "  - {name: failing, kind: tcp, interval: 3s, timeout: 1s, targets: ["
                  + failing
                  + "]}\n");
      var address = ChildProgram.freeAddress();
      try (var child =
          ChildProgram.startWithUnreadLog(
              directory, "agent", "--config.file=" + config, "--web.listen-address=" + address)) {
        child.await(HTTP, URI.create("http://" + address + "/-/ready"));
        Await.until(
            "log events to be dropped",
            TIMEOUT,
            () -> metrics(address).sum("eksnet_log_events_dropped_total", Map.of()),
            dropped -> dropped > 0);
        awaitRuns(address, runs(address) + 3);
        assertThat(get(address, "/-/healthy").statusCode()).isEqualTo(200);

        child.signal("TERM");
        assertThat(child.exit()).isEqualTo(143);
      }
    }
  }

  @Test
  void reloadsFailWithTheReasonWhileFilesBlockAndSucceedAfterwards() throws Exception {
    try (var server = TcpServer.start("")) {
      var config = write("eksnet.yaml", probes(server));
      var web = write("web.yaml", "basic_auth_users: {}\n");
      var address = ChildProgram.freeAddress();
      try (var child =
          ChildProgram.start(
              directory,
              "agent",
              "--config.file=" + config,
              "--web.config.file=" + web,
              "--web.enable-lifecycle",
              "--config.auto-reload-interval=0s",
              "--web.listen-address=" + address)) {
        child.await(HTTP, URI.create("http://" + address + "/-/ready"));
        awaitRuns(address, 3);

        for (var file : List.of(web, config)) {
          var good = Files.readString(file);
          Files.delete(file);
          try (var hung = HungFile.at(file)) {
            var reload = reload(address);
            var before = runs(address);
            awaitRuns(address, before + 5);
            assertThat(reload).as("the reload of " + hung.path()).isNotDone();
            assertThat(reload.get().statusCode()).isEqualTo(500);
            assertThat(reload.get().body())
                .contains(file.toString(), "no end after 5s; is it a regular file?")
                .contains("keeping previous config");
            assertThat(reloaded(address)).isZero();
          }
          Files.delete(file);
          Files.createSymbolicLink(file, Path.of("/dev/zero"));
          var endless = reload(address).get();
          assertThat(endless.statusCode()).isEqualTo(500);
          assertThat(endless.body()).contains(file.toString(), "it is larger than");

          Files.delete(file);
          Files.writeString(file, good);
          assertThat(reload(address).get().statusCode()).isEqualTo(200);
          assertThat(reloaded(address)).isEqualTo(1);
        }
        awaitRuns(address, runs(address) + 3);
      }
    }
  }

  private static CompletableFuture<HttpResponse<String>> reload(String address) {
    var uri = URI.create("http://" + address + "/-/reload");
    return HTTP.sendAsync(
        HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
  }

  private static double reloaded(String address) throws Exception {
    return metrics(address).sum("eksnet_config_last_reload_successful", Map.of());
  }

  private static HttpResponse<String> get(String address, String path) throws Exception {
    return ChildProgram.get(HTTP, URI.create("http://" + address + path));
  }

  private static ExpositionSamples metrics(String address) throws Exception {
    return ExpositionSamples.parse(get(address, "/metrics").body());
  }

  /** Successful runs of the good target. */
  private static double runs(String address) throws Exception {
    var page = metrics(address);
    var good = Map.of("probe", "good", "outcome", "success");
    return page.sum("eksnet_probe_total", good);
  }

  private static void awaitRuns(String address, double atLeast) throws Exception {
    Await.until(atLeast + " runs", TIMEOUT, () -> runs(address), runs -> runs >= atLeast);
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }

  private static String probes(TcpServer server) {
    return SUITES
        + """
        probes:
          - {name: good, kind: tcp, targets: ["127.0.0.1:%d"], interval: 200ms, timeout: 100ms}
        """
            .formatted(server.addresses().get(0).getPort());
  }
}
