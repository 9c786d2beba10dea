package io.eksnet.cli;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.TcpServer;
import io.vertx.core.json.JsonObject;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A config that takes the place of another while the program runs. */
@Timeout(120)
class ReloadTest {
  private static final String TOTAL = "eksnet_probe_total";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ZERO;

  /** A thread that sleeps is late by a few milliseconds on a machine that is not busy. */
  private static final Duration MACHINE_STALL = Duration.ofMillis(50);

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;

  @Test
  void anUnchangedTargetCountsOnAndARemovedOneRunsNoMoreAndLeavesAfterItsGrace() throws Exception {
    try (var server = TcpServer.start("")) {
      put(config(probe("kept", server, "200ms"), probe("gone", server, "200ms")));
      try (var program = Program.start(directory, NEVER, Duration.ofSeconds(3))) {
        awaitRuns(program, "gone", 3);
        var kept = awaitRuns(program, "kept", 3);

        put(config(probe("kept", server, "200ms"), probe("new", server, "200ms")));
        assertThat(reload(program).statusCode()).isEqualTo(200);

        var gone = runs(program.metrics(), "gone");
        assertThat(gone).isGreaterThanOrEqualTo(3);
        assertThat(runs(program.metrics(), "kept")).isGreaterThanOrEqualTo(kept);
        awaitRuns(program, "kept", kept + 3);
        awaitRuns(program, "new", 3);
        var later = program.metrics().of(TOTAL, Map.of("probe", "gone"));
        assertThat(later.stream().mapToDouble(ExpositionSamples.Sample::value).sum())
            .isEqualTo(gone);
        Await.until(
            "the series of a removed target to leave",
            TIMEOUT,
            () -> Part.get(program.uri("/metrics")),
            page -> !page.contains("probe=\"gone\""));
      }
    }
  }

  @Test
  void aBadFileChangesNothingAndTheAnswerNamesTheLineAndTheColumn() throws Exception {
    try (var server = TcpServer.start("")) {
      put(config(probe("kept", server, "200ms")));
      try (var program = Program.start(directory, NEVER, MINUTE)) {
        awaitRuns(program, "kept", 2);
        var before = Part.get(program.uri("/config"));

        put("suites: {dns: {enabled: false}}\nprobes:\n  - {name: kept, kind: tpc, targets: []}\n");
        var refused = reload(program);

        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body())
            .contains("eksnet.yaml", ":3:24: ", "unknown kind")
            .contains("keeping previous config");
        assertThat(successful(program.metrics())).isEqualTo(0);
        assertThat(Part.get(program.uri("/config"))).isEqualTo(before);
        awaitRuns(program, "kept", runs(program.metrics(), "kept") + 2);

        put(config(probe("kept", server, "200ms")));
        assertThat(reload(program).statusCode()).isEqualTo(200);
        assertThat(successful(program.metrics())).isEqualTo(1);
      }
    }
  }

  @Test
  void whatNeedsARestartIsRefusedByNameAndTheRestOfThatFileWithIt() throws Exception {
    try (var server = TcpServer.start("")) {
      put(config(probe("kept", server, "200ms")));
      try (var program = Program.start(directory, NEVER, MINUTE)) {
        var before = Part.get(program.uri("/config"));

        put("polls: {subnets: 2m}\n" + config(probe("other", server, "200ms")));
        var refused = reload(program);

        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body())
            .contains("polls.subnets cannot change while the process runs; restart it");
        assertThat(Part.get(program.uri("/config"))).isEqualTo(before);
      }
    }
  }

  @Test
  void aFileThatIsGoneIsRefusedAndNotAnEmptyConfig() throws Exception {
    try (var server = TcpServer.start("")) {
      put(config(probe("kept", server, "200ms")));
      try (var program = Program.start(directory, NEVER, MINUTE)) {
        Files.delete(program.config());

        var refused = reload(program);

        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body()).contains("does not exist");
        assertThat(program.metrics().sum("eksnet_tasks", Map.of("kind", "tcp"))).isEqualTo(1);
        awaitRuns(program, "kept", runs(program.metrics(), "kept") + 2);
      }
    }
  }

  /** A ConfigMap may be there before the Secret that its config names. */
  @Test
  void aConfigThatWaitsForAFileIsTakenWhenTheFileIsThere() throws Exception {
    try (var server = TcpServer.start("")) {
      put(config(probe("one", server, "200ms")));
      try (var program = Program.start(directory, Duration.ofMillis(200), MINUTE)) {
        put(
            config(
                probe("two", server, "200ms"),
                "  - {name: shop, kind: http, targets: [\"http://127.0.0.1:9/\"], bearer_token_file: late}\n"));
        Await.until(
            "the file to be missed",
            TIMEOUT,
            () -> successful(program.metrics()),
            value -> value == 0);

        Files.writeString(directory.resolve("late"), "a token");

        awaitRuns(program, "two", 2);
        assertThat(successful(program.metrics())).isEqualTo(1);
      }
    }
  }

  /** As the kubelet does it: a new directory, and one rename of the link to it. */
  @Test
  void theSwappedLinksOfAMountedConfigMapAreFollowed() throws Exception {
    try (var server = TcpServer.start("")) {
      mount("..2026_1", config(probe("one", server, "200ms")));
      Files.createSymbolicLink(directory.resolve("eksnet.yaml"), Path.of("..data/eksnet.yaml"));
      try (var program = Program.start(directory, Duration.ofMillis(200), MINUTE)) {
        awaitRuns(program, "one", 2);

        mount("..2026_2", config(probe("one", server, "200ms"), probe("two", server, "200ms")));
        awaitRuns(program, "two", 2);

        mount("..2026_3", "probes: [");
        Await.until(
            "a bad file to be refused",
            TIMEOUT,
            () -> successful(program.metrics()),
            value -> value == 0);
        assertThat(program.metrics().sum("eksnet_tasks", Map.of("kind", "tcp"))).isEqualTo(2);

        mount("..2026_4", config(probe("two", server, "200ms")));
        Await.until(
            "one task to be left",
            TIMEOUT,
            () -> program.metrics().sum("eksnet_tasks", Map.of("kind", "tcp")),
            tasks -> tasks == 1);
        assertThat(successful(program.metrics())).isEqualTo(1);
      }
    }
  }

  @Test
  void aTargetThatWasNeverProbedCanBeRemoved() throws Exception {
    try (var server = TcpServer.start("")) {
      put(config(probe("kept", server, "200ms"), probe("rare", server, "24h")));
      try (var program = Program.start(directory, NEVER, Duration.ofSeconds(1))) {
        assertThat(program.metrics().of(TOTAL, Map.of("probe", "rare"))).isNotEmpty();
        assertThat(program.metrics().of("eksnet_probe_success", Map.of("probe", "rare"))).isEmpty();

        put(config(probe("kept", server, "200ms")));

        assertThat(reload(program).statusCode()).isEqualTo(200);
        Await.until(
            "the series to leave",
            TIMEOUT,
            () -> Part.get(program.uri("/metrics")),
            page -> !page.contains("rare"));
        awaitRuns(program, "kept", runs(program.metrics(), "kept") + 2);
      }
    }
  }

  @Test
  void tenThousandTargetsComeAndGoWithoutAMissedBeatOfTheOthers() throws Exception {
    try (var server = TcpServer.start("")) {
      var many =
          IntStream.range(0, 10_000)
              .mapToObj(i -> "127.1." + i / 250 + "." + (1 + i % 250) + ":9")
              .collect(Collectors.joining(", "));
      var few = config(probe("steady", server, "200ms"));
      var all = few + "  - {name: many, kind: tcp, interval: 1h, targets: [" + many + "]}\n";
      var limits = "limits: {targets: 20000, stall: 500ms}\n";
      put(limits + few);
      try (var program = Program.start(directory, NEVER, Duration.ofSeconds(1))) {
        awaitRuns(program, "steady", 10);
        whileTheMachineRunsOn(
            () -> {
              var before = runs(program.metrics(), "steady");
              var missed = missed(program.metrics());
              var started = System.nanoTime();

              put(limits + all);
              assertThat(reload(program).statusCode()).isEqualTo(200);
              assertThat(tasks(program)).isEqualTo(10_001);
              put(limits + few);
              assertThat(reload(program).statusCode()).isEqualTo(200);
              assertThat(tasks(program)).isEqualTo(1);
              // Ticks continue, and the series of the others are removed.
              Thread.sleep(Duration.ofSeconds(2).toMillis());
              awaitRuns(program, "steady", before + 10);
              var page = program.metrics();
              var beats = (System.nanoTime() - started) / Duration.ofMillis(200).toNanos();
              assertThat(missed(page)).isEqualTo(missed);
              assertThat(runs(page, "steady") - before).isBetween(beats - 3.0, beats + 3.0);
            });
      }
    }
  }

  private interface Measurement {
    void run() throws Exception;
  }

  /**
   * Measures again when the machine did not let threads run that had nothing to do with the
   * program: then what was missed is not its fault.
   */
  private static void whileTheMachineRunsOn(Measurement measurement) throws Exception {
    for (var left = 5; ; left--) {
      var longest = new AtomicLong();
      var watch = new Thread(() -> watch(longest), "machine-watch");
      watch.start();
      try {
        measurement.run();
        return;
      } catch (AssertionError e) {
        if (left == 1 || longest.get() < MACHINE_STALL.toNanos()) {
          throw e;
        }
      } finally {
        watch.interrupt();
        watch.join();
      }
    }
  }

  private static void watch(AtomicLong longest) {
    try {
      for (var last = System.nanoTime(); ; ) {
        Thread.sleep(5);
        var now = System.nanoTime();
        longest.accumulateAndGet(now - last, Math::max);
        last = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Not from the metrics: reading a hundred thousand series would be the standstill itself. */
  private static int tasks(Program program) throws Exception {
    var page = Part.get(program.uri("/api/v1/targets?limit=1"));
    return new JsonObject(page).getInteger("total");
  }

  private static List<Double> missed(ExpositionSamples page) {
    return List.of(
        page.sum("eksnet_probe_missed_total", Map.of("reason", "overlap")),
        page.sum("eksnet_probe_missed_total", Map.of("reason", "stall")));
  }

  private static double successful(ExpositionSamples page) {
    return page.sum("eksnet_config_last_reload_successful", Map.of());
  }

  private static double runs(ExpositionSamples page, String probe) {
    return page.sum(TOTAL, Map.of("probe", probe));
  }

  private static double awaitRuns(Program program, String probe, double atLeast) throws Exception {
    return Await.until(
        atLeast + " runs of " + probe,
        TIMEOUT,
        () -> runs(program.metrics(), probe),
        runs -> runs >= atLeast);
  }

  private static HttpResponse<String> reload(Program program) throws Exception {
    var request =
        HttpRequest.newBuilder(program.uri("/-/reload")).POST(BodyPublishers.noBody()).build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  private static String config(String... probes) {
    return "suites: {dns: {enabled: false}}\nprobes:\n" + String.join("", probes);
  }

  private static String probe(String name, TcpServer server, String interval) {
    return "  - {name: %s, kind: tcp, targets: [\"127.0.0.1:%d\"], interval: %s, timeout: 100ms}\n"
        .formatted(name, server.addresses().get(0).getPort(), interval);
  }

  private void put(String yaml) throws Exception {
    var whole = Files.writeString(directory.resolve("next"), yaml);
    Files.move(whole, directory.resolve("eksnet.yaml"), ATOMIC_MOVE);
  }

  private void mount(String version, String yaml) throws Exception {
    var data = Files.createDirectory(directory.resolve(version));
    Files.writeString(data.resolve("eksnet.yaml"), yaml);
    var link = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(version));
    Files.move(link, directory.resolve("..data"), ATOMIC_MOVE);
  }
}
