package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The field's reference, blackbox_exporter, over modules of the test's. */
final class BlackboxExporter implements AutoCloseable {
  private static final String METRICS = "Metrics that would have been returned:\n";
  private static final String MODULE = "Module configuration:\n";

  private final String address;
  private final Part part;

  private BlackboxExporter(String address, Part part) {
    this.address = address;
    this.part = part;
  }

  /** What one probe came to: its log and its metrics. */
  record Verdict(String log, ExpositionSamples samples) {
    boolean succeeded() {
      return value("probe_success", Map.of()) == 1;
    }

    double value(String name, Map<String, String> labels) {
      var found = samples.of(name, labels);
      if (found.isEmpty()) {
        throw new AssertionError("blackbox_exporter has no " + name + labels + ": " + samples);
      }
      return found.get(0).value();
    }
  }

  static BlackboxExporter start(Path directory, String modules) throws Exception {
    var config = Files.writeString(directory.resolve("blackbox.yml"), modules);
    var address = "127.0.0.1:" + freePort();
    var command =
        List.of(
            "prometheus-blackbox-exporter",
            "--config.file=" + config,
            "--web.listen-address=" + address);
    var ready = URI.create("http://" + address + "/-/healthy");
    return new BlackboxExporter(
        address, Part.start(directory.resolve("blackbox.log"), ready, command));
  }

  Verdict probe(String module, String target) throws IOException, InterruptedException {
    var parameters = Map.of("module", module, "target", target, "debug", "true");
    var query =
        parameters.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    var page = Part.get(URI.create("http://" + address + "/probe?" + query));
    int metrics = page.indexOf(METRICS);
    int end = page.indexOf(MODULE);
    if (metrics < 0 || end < 0) {
      throw new AssertionError("blackbox_exporter did not probe " + target + ": " + page);
    }
    return new Verdict(
        page.substring(0, metrics),
        ExpositionSamples.parse(page.substring(metrics + METRICS.length(), end)));
  }

  @Override
  public void close() {
    part.close();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
