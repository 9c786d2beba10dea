package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.AwsAccess;
import io.eksnet.agent.Environment;
import io.eksnet.agent.Prober;
import io.eksnet.agent.Role;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.probe.http.ProxyEnvironment;
import io.eksnet.probe.net.RawServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on a node whose address is of the loopback network. */
class HostPartsTest {
  /** Where nobody else is likely to listen at ipamd's own port. */
  private static final String HOST = "127.61.67.8";

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Map<String, String> ALL = Map.of();

  @Test
  void whatThePartsOfTheNodeCountIsOnThePage(@TempDir Path directory) throws Exception {
    var reads = new AtomicInteger();
    var down = new AtomicBoolean();
    try (var ipamd =
            RawServer.on(
                HOST,
                61_678,
                socket -> {
                  if (down.get()) {
                    RawServer.reset(socket);
                  }
                  RawServer.request(socket.getInputStream());
                  page(
                      socket,
                      "awscni_no_available_ip_addresses "
                          + (100 + reads.getAndIncrement())
                          + "\nawscni_total_ip_addresses 14\nawscni_assigned_ip_addresses 9\n");
                });
        var exporter =
            RawServer.on(
                HOST,
                0,
                socket -> {
                  RawServer.request(socket.getInputStream());
                  page(socket, "node_ethtool_pps_allowance_exceeded{device=\"ens5\"} 3\n");
                });
        var prober = start(directory, exporter.port())) {
      assertThat(ipamd.port()).isEqualTo(61_678);
      var page =
          Await.until(
              "ipamd and ena",
              TIMEOUT,
              () -> samples(prober),
              seen ->
                  seen.sum("eksnet_ipamd_no_ip_total", ALL) >= 2
                      && !seen.of("eksnet_ena_allowance_exceeded_total", ALL).isEmpty());

      assertThat(page.sum("eksnet_ipamd_up", ALL)).isEqualTo(1);
      assertThat(page.sum("eksnet_ipamd_no_ip_total", ALL)).isLessThan(100);
      assertThat(page.sum("eksnet_ipamd_addresses", Map.of("state", "total"))).isEqualTo(14);
      assertThat(page.sum("eksnet_ipamd_addresses", Map.of("state", "assigned"))).isEqualTo(9);
      assertThat(
              page.of(
                  "eksnet_ena_allowance_exceeded_total", Map.of("device", "ens5", "kind", "pps")))
          .extracting(ExpositionSamples.Sample::value)
          .containsExactly(0.0);
      assertThat(page.of("eksnet_pod_identity_agent_up", ALL)).isEmpty();
      assertThat(page.sum("eksnet_tasks", Map.of("kind", "ipamd"))).isEqualTo(1);

      down.set(true);
      Await.until(
          "ipamd down",
          TIMEOUT,
          () -> samples(prober),
          seen ->
              seen.sum("eksnet_ipamd_up", ALL) == 0
                  && seen.of("eksnet_ipamd_addresses", ALL).isEmpty()
                  && !seen.of("eksnet_ipamd_no_ip_total", ALL).isEmpty());
    }
  }

  @Test
  void theUserCannotNameTheKindsOfTheSuites(@TempDir Path directory) throws Exception {
    Files.writeString(
        directory.resolve("eksnet.yaml"),
        "probes: [{name: a, kind: ipamd, targets: ['http://127.0.0.1/']}]");

    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> start(directory, options(directory))))
        .hasMessageContaining("ipamd");
  }

  private static Prober start(Path directory, int exporter) throws Exception {
    Files.writeString(
        directory.resolve("eksnet.yaml"),
        """
        suites:
          dns: {enabled: false}
          identity: {enabled: false}
          ipamd: {interval: 500ms, timeout: 400ms}
          ena: {interval: 500ms, timeout: 400ms, url: "http://{host}:%s/metrics"}
        """
            .formatted(exporter));
    return start(directory, options(directory));
  }

  private static Prober start(Path directory, Options options) throws Exception {
    var environment = Program.environment(directory);
    return Prober.start(
        Role.AGENT,
        Optional.empty(),
        AssignedTasks::of,
        options.prober(),
        new Environment(
            "node-a",
            Optional.empty(),
            Optional.of("10.100.0.1"),
            Optional.of(HOST),
            Optional.empty(),
            "eksnet-a",
            Optional.empty(),
            "eksnet",
            false,
            directory.resolve("kubeconfig"),
            AwsAccess.of(Map.of()),
            environment.resolvConf(),
            environment.hosts(),
            ProxyEnvironment.NONE,
            Map.of()),
        Duration.ofMinutes(1));
  }

  private static Options options(Path directory) {
    var options = new Options();
    options.configFiles = List.of(directory.resolve("eksnet.yaml"));
    options.listenAddress = "127.0.0.1:0";
    return options;
  }

  private static void page(java.net.Socket socket, String body) throws java.io.IOException {
    RawServer.say(
        socket,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static ExpositionSamples samples(Prober prober) throws Exception {
    return ExpositionSamples.parse(
        Part.get(URI.create("http://127.0.0.1:" + prober.port() + "/metrics")));
  }
}
