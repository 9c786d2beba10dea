package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.DnsServer;
import io.eksnet.lab.LabWebServer;
import io.eksnet.lab.TcpServer;
import io.eksnet.lab.Zone;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent that cannot open another file descriptor: its runs are not run for the reason {@code
 * prober}, no target is reported as failed, and all is as before once there are descriptors again.
 * Part of {@code make soak}: timeouts are long enough for a slow machine.
 */
@EnabledIfSystemProperty(named = "soak.starved", matches = "true")
@Timeout(120)
class ExhaustedDescriptorsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final Set<String> PROBES = Set.of("dns", "grpc", "http", "tcp");

  @TempDir Path directory;

  @Test
  void onlyTheProberIsAtFaultAndItRecovers() throws Exception {
    try (var web = LabWebServer.http();
        var tcp = TcpServer.start("");
        var dns = DnsServer.start(Zone.of("a.lab.test. 60 IN A 127.0.0.1"))) {
      var config =
          Files.writeString(
              directory.resolve("eksnet.yaml"),
              """
              suites: {dns: {enabled: false}, sts: {enabled: false}, identity: {enabled: false}, ipamd: {enabled: false}, ena: {enabled: false}}
              defaults: {interval: 3s, timeout: 2500ms}
              probes:
                - {name: http, kind: http, targets: ["%s"]}
                - {name: grpc, kind: grpc, targets: ["127.0.0.1:%d"]}
                - {name: tcp, kind: tcp, targets: ["127.0.0.1:%d"]}
                - {name: dns, kind: dns, query: a.lab.test, targets: ["127.0.0.1:%d"]}
              """
                  .formatted(
                      web.url("127.0.0.1", "/"),
                      web.addresses().get(0).getPort(),
                      tcp.addresses().get(0).getPort(),
                      dns.addresses().get(0).getPort()));
      var address = ChildProgram.freeAddress();
      try (var child =
          ChildProgram.startFromJars(
              directory, "agent", "--config.file=" + config, "--web.listen-address=" + address)) {
        var http = HttpClient.newHttpClient();
        child.await(http, URI.create("http://" + address + "/-/ready"));
        var before =
            Await.until(
                "a success of each target",
                TIMEOUT,
                () -> page(http, address),
                page -> probes(page, "success").equals(PROBES));
        var open = child.openDescriptors();

        child.limitDescriptors(1);
        Await.until(
            "runs without a descriptor",
            TIMEOUT,
            () -> page(http, address),
            page -> withoutDescriptor(page) >= 2 * PROBES.size());
        child.limitDescriptors(4_096);

        var newConnection = HttpClient.newHttpClient();
        var after =
            Await.until(
                "successes afterwards",
                TIMEOUT,
                () -> page(newConnection, address),
                page -> successes(page) > successes(before) + 2 * PROBES.size());
        assertThat(outcomes(after)).containsOnly("success", "not_run");
        assertThat(probes(after, "not_run")).isEqualTo(PROBES);
        assertThat(after.sum("eksnet_probe_success", Map.of())).isEqualTo(PROBES.size());
        Await.until(
            "as many descriptors as before and the new connection",
            TIMEOUT,
            child::openDescriptors,
            now -> now <= open + 1);
        assertThat(child.stderr()).contains("EMFILE");
      }
    }
  }

  private static ExpositionSamples page(HttpClient http, String address) throws Exception {
    try {
      return ExpositionSamples.parse(
          ChildProgram.get(http, URI.create("http://" + address + "/metrics")).body());
    } catch (IOException e) {
      return ExpositionSamples.parse("");
    }
  }

  private static Set<String> probes(ExpositionSamples page, String outcome) {
    return page.of("eksnet_probe_total", Map.of("outcome", outcome)).stream()
        .filter(sample -> sample.value() > 0)
        .map(sample -> sample.labels().get("probe"))
        .collect(Collectors.toSet());
  }

  private static Set<String> outcomes(ExpositionSamples page) {
    return page.of("eksnet_probe_total", Map.of()).stream()
        .filter(sample -> sample.value() > 0)
        .map(sample -> sample.labels().get("outcome"))
        .collect(Collectors.toSet());
  }

  private static double withoutDescriptor(ExpositionSamples page) {
    return page.sum("eksnet_probe_missed_total", Map.of("reason", "prober"));
  }

  private static double successes(ExpositionSamples page) {
    return page.sum("eksnet_probe_total", Map.of("outcome", "success"));
  }
}
