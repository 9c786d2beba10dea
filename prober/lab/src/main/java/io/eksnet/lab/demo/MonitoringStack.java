package io.eksnet.lab.demo;

import static java.util.stream.Collectors.joining;

import io.eksnet.lab.ChildProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A Prometheus and an Alertmanager with the rules and the example configuration of {@code
 * dashboards}; a {@link WebhookReceiver} replaces all receivers.
 */
public final class MonitoringStack implements AutoCloseable {
  private static final Pattern RECEIVERS = Pattern.compile("(?ms)^receivers:\n(.*?)(?=^[a-z#])");
  private static final Pattern NAME = Pattern.compile("(?m)^  - name: (\\S+)$");

  /** A process and its address. */
  private record Server(String address, ChildProcess process) {
    static Server start(Path log, String address, List<String> command)
        throws IOException, InterruptedException {
      var program =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      var process = ChildProcess.start(program, address);
      try {
        if (!process.awaitReady()) {
          throw new IOException(command.get(0) + " did not start: " + Files.readString(log));
        }
        return new Server(address, process);
      } catch (IOException | InterruptedException | RuntimeException e) {
        process.close();
        throw e;
      }
    }

    String url() {
      return "http://" + address;
    }
  }

  private final Server alertmanager;
  private final Server prometheus;

  private MonitoringStack(Server alertmanager, Server prometheus) {
    this.alertmanager = alertmanager;
    this.prometheus = prometheus;
  }

  /**
   * Starts both processes.
   *
   * @param dashboards the directory with alerts, rules and alertmanager
   * @param work the directory for files
   * @param speedUp shortens durations
   * @param targets the scrape targets
   */
  public static MonitoringStack start(
      Path dashboards,
      Path work,
      SpeedUp speedUp,
      List<ScrapeTarget> targets,
      WebhookReceiver receiver)
      throws IOException, InterruptedException {
    var routes = dashboards.resolve("alertmanager/alertmanager.yaml");
    var amFile =
        Files.writeString(
            work.resolve("alertmanager.yml"),
            replaceReceivers(
                speedUp.routes(Files.readString(routes)), receiver.url(), receiver.token()));
    var amAddress = freeAddress();
    var alertmanager =
        Server.start(
            work.resolve("alertmanager.log"),
            amAddress,
            List.of(
                "prometheus-alertmanager",
                "--config.file=" + amFile,
                "--storage.path=" + work.resolve("alertmanager-data"),
                "--web.listen-address=" + amAddress,
                "--cluster.listen-address="));
    try {
      var address = freeAddress();
      var config =
          Files.writeString(
              work.resolve("prometheus.yml"),
              ScrapeTarget.config(
                  speedUp.duration("30s"), rules(dashboards, work, speedUp), amAddress, targets));
      var prometheus =
          Server.start(
              work.resolve("prometheus.log"),
              address,
              List.of(
                  "prometheus",
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + work.resolve("prometheus-data"),
                  "--web.listen-address=" + address));
      return new MonitoringStack(alertmanager, prometheus);
    } catch (IOException | InterruptedException | RuntimeException e) {
      alertmanager.process().close();
      throw e;
    }
  }

  /** The URL of Prometheus, without a slash at its end. */
  public String prometheusUrl() {
    return prometheus.url();
  }

  /** The URL of Alertmanager, without a slash at its end. */
  public String alertmanagerUrl() {
    return alertmanager.url();
  }

  @Override
  public void close() {
    prometheus.process().close();
    alertmanager.process().close();
  }

  /** Replaces every receiver of a configuration by the webhook. */
  static String replaceReceivers(String yaml, String url, Path token) {
    var block = RECEIVERS.matcher(yaml);
    if (!block.find()) {
      throw new IllegalArgumentException("the Alertmanager configuration has no receivers");
    }
    var webhooks =
        NAME.matcher(block.group(1))
            .results()
            .map(MatchResult::group)
            .map(
                name ->
                    """
                    %s
                        webhook_configs:
                          - url: %s
                            send_resolved: true
                            http_config: {authorization: {credentials_file: '%s'}}
                    """
                        .formatted(name, url, token))
            .collect(joining());
    return yaml.substring(0, block.start(1)) + webhooks + "\n" + yaml.substring(block.end(1));
  }

  private static List<Path> rules(Path dashboards, Path work, SpeedUp speedUp) throws IOException {
    for (var folder : List.of("alerts", "rules")) {
      var copy = Files.createDirectories(work.resolve(folder));
      try (var files = Files.newDirectoryStream(dashboards.resolve(folder), "*.yaml")) {
        for (var file : files) {
          Files.writeString(
              copy.resolve(String.valueOf(file.getFileName())),
              speedUp.rules(Files.readString(file)));
        }
      }
    }
    return List.of(work.resolve("alerts"), work.resolve("rules"));
  }

  private static String freeAddress() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }
}
