package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.TcpServer;
import io.eksnet.reference.dashboards.DashboardFiles;
import io.eksnet.reference.dashboards.PastDay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every query of every dashboard, asked of the real Prometheus. */
@Timeout(180)
class DashboardsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The cluster of seven hours of every declared metric, and that of the running program. */
  private static final String PAST = "past";

  private static final String LIVE = "live";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "native-histograms"})
  void queriesFindDeclaredAndExportedSeries(String feature) throws Exception {
    var now = Instant.now().getEpochSecond();
    backfill(now);
    try (var server = TcpServer.start("");
        var program = Program.start(directory, config(server))) {
      var address = program.uri("/").getAuthority();
      try (var prometheus = Prometheus.start(directory, address, feature)) {
        var without = new TreeSet<String>();
        for (var asked : DashboardFiles.queries()) {
          if (prometheus.find(asked.with(Map.of("cluster", PAST)), now).isEmpty()) {
            without.add(asked.toString());
          }
        }
        assertThat(without).as("queries that find nothing in a cluster that has all").isEmpty();

        Await.until(
            "a rate of runs",
            TIMEOUT,
            () -> prometheus.find("rate(eksnet_probe_total{cluster=\"live\"}[5m]) > 0"),
            result -> !result.isEmpty());
        var found = new TreeSet<String>();
        for (var asked : DashboardFiles.queries()) {
          if (!prometheus.find(asked.with(Map.of("cluster", LIVE))).isEmpty()) {
            found.add(asked.toString());
          }
        }
        assertThat(found)
            .contains(
                "eksnet / Services and pods / Targets / A",
                "eksnet / Services and pods / Targets / B",
                "eksnet / Services and pods / Failure ratio by probe / A",
                "eksnet / Services and pods / Failures by outcome / A",
                "eksnet / Services and pods / Duration / B",
                "eksnet / Services and pods / Duration by phase / A",
                "eksnet / Overview / Failure ratio by probe type / G",
                "eksnet / Prober health / Schedule lag / B",
                "eksnet / Prober health / Missed probes / A",
                "eksnet / Prober health / Tasks / A",
                "eksnet / Prober health / Failed config reloads / A",
                "eksnet / Prober health / CPU / A",
                "eksnet / Prober health / Memory / A",
                "eksnet / Prober health / Heap / A",
                "eksnet / Prober health / Versions / B");
      }
    }
  }

  private void backfill(long now) throws Exception {
    var past = Files.writeString(directory.resolve("past.txt"), PastDay.before(now, PAST));
    var promtool =
        new ProcessBuilder(
                "promtool",
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                past.toString(),
                directory.resolve("data").toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(promtool.getInputStream().readAllBytes(), UTF_8);
    assertThat(promtool.waitFor()).as(output).isZero();
  }

  private static String config(TcpServer server) {
    return """
        cluster: live
        suites: {dns: {enabled: false}}
        defaults: {interval: 200ms, timeout: 100ms}
        probes:
          - {name: shop, kind: tcp, targets: ["127.0.0.1:%d"]}
          - {name: broken, kind: tcp, targets: ["127.0.0.1:9"]}
        """
        .formatted(server.addresses().get(0).getPort());
  }
}
