package io.eksnet.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.docs.dashboards.PastDay;
import io.eksnet.docs.dashboards.Written;
import io.eksnet.docs.dashboards.Written.Asked;
import io.eksnet.lab.TcpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every query of every dashboard, asked of the real Prometheus. */
@Timeout(180)
class DashboardsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The cluster of seven hours of every declared metric, and that of the running program. */
  private static final String PAST = "past";

  private static final String LIVE = "live";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "native-histograms"})
  void queriesFindWhatIsDeclaredAndWhatTheProgramSays(String feature) throws Exception {
    var now = Instant.now().getEpochSecond();
    backfill(now);
    try (var server = TcpServer.start("");
        var program = Program.start(directory, config(server))) {
      var port = freePort();
      try (var prometheus = prometheus(port, program, feature)) {
        assertThat(prometheus).isNotNull();
        var without = new TreeSet<String>();
        for (var asked : Written.queries()) {
          if (ask(port, asked.with(Map.of("cluster", PAST)), now) == 0) {
            without.add(asked.toString());
          }
        }
        assertThat(without).as("queries that find nothing in a cluster that has all").isEmpty();

        Await.until(
            "a rate of runs",
            PATIENCE,
            () -> ask(port, "rate(eksnet_probe_total{cluster=\"live\"}[5m]) > 0", 0),
            found -> found > 0);
        var found =
            Written.queries().stream()
                .filter(asked -> find(port, asked.with(Map.of("cluster", LIVE))) > 0)
                .map(Asked::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(found)
            .contains(
                "eksnet / Services and pods / Targets / A",
                "eksnet / Services and pods / Targets / B",
                "eksnet / Services and pods / Failing share by probe / A",
                "eksnet / Services and pods / Failures by outcome / A",
                "eksnet / Services and pods / Duration / B",
                "eksnet / Services and pods / Where the time goes / A",
                "eksnet / Overview / Failing share by path / G",
                "eksnet / Prober health / Lag / B",
                "eksnet / Prober health / Runs that did not happen / A",
                "eksnet / Prober health / Tasks / A",
                "eksnet / Prober health / Bad configs / A",
                "eksnet / Prober health / CPU / A",
                "eksnet / Prober health / Memory / A",
                "eksnet / Prober health / Heap / A",
                "eksnet / Prober health / What runs / B");
      }
    }
  }

  /** How many samples there are now. */
  private static int find(int port, String query) {
    try {
      return ask(port, query, 0);
    } catch (Exception e) {
      throw new AssertionError(query, e);
    }
  }

  /** How many samples there are at a moment, 0 for now; a query that cannot be evaluated fails. */
  private static int ask(int port, String query, long at) throws Exception {
    var uri =
        URI.create(
            "http://127.0.0.1:%d/api/v1/query?query=%s%s"
                .formatted(port, URLEncoder.encode(query, UTF_8), at == 0 ? "" : "&time=" + at));
    var answer = new JsonObject(Part.get(uri));
    assertThat(answer.getString("status")).as("%s: %s", query, answer).isEqualTo("success");
    return answer.getJsonObject("data").getJsonArray("result").size();
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
    var said = new String(promtool.getInputStream().readAllBytes(), UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
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

  private Part prometheus(int port, Program program, String feature) throws Exception {
    var config =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: eksnet
                static_configs:
                  - {targets: ["%s"], labels: {node: node-a, az: az1}}
            """
                .formatted(program.uri("/").getAuthority()));
    return Part.start(
        directory.resolve("prometheus.log"),
        URI.create("http://127.0.0.1:" + port + "/-/ready"),
        List.of(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port,
            "--enable-feature=" + feature));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
