package io.eksnet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real blackbox_exporter with a module for each kind. */
final class Blackbox implements AutoCloseable {
  private static final String PROGRAM = "prometheus-blackbox-exporter";

  private final BenchProcess child;
  private final int port;

  private Blackbox(BenchProcess child, int port) {
    this.child = child;
    this.port = port;
  }

  static Blackbox start(TestBed stand, Cores cores, int delay) throws Exception {
    var config = stand.work().resolve("blackbox.yml");
    Files.writeString(config, config(stand.ca().toString(), delay));
    var port = TestBed.freePort();
    var command = new ArrayList<>(cores.prefix());
    command.addAll(
        List.of(PROGRAM, "--config.file=" + config, "--web.listen-address=127.0.0.1:" + port));
    var environment =
        cores == Cores.MEASURED ? Map.of("GOMAXPROCS", "1") : Map.<String, String>of();
    var child = BenchProcess.start(stand.work(), "blackbox", environment, command);
    new ScrapeClient(port).await("/-/healthy", child, 2);
    return new Blackbox(child, port);
  }

  /** The first line of its version. */
  static String version() throws IOException {
    var process = new ProcessBuilder(PROGRAM, "--version").redirectErrorStream(true).start();
    try (var out = process.inputReader()) {
      var line = out.readLine();
      return line == null ? "unknown" : line;
    }
  }

  private static String config(String ca, int delay) {
    return """
    modules:
      http: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4}}
      https:
        prober: http
        timeout: 5s
        http:
          preferred_ip_protocol: ip4
          tls_config: {ca_file: %s, server_name: %s}
      tcp: {prober: tcp, timeout: 5s, tcp: {preferred_ip_protocol: ip4}}
      dns:
        prober: dns
        timeout: 5s
        dns: {query_name: %s, query_type: A, transport_protocol: udp, preferred_ip_protocol: ip4}
    """
        .formatted(ca, Ports.NAME, Ports.question(delay));
  }

  long pid() {
    return child.pid();
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    child.close();
  }
}
