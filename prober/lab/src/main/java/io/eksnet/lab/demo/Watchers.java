package io.eksnet.lab.demo;

import static java.util.stream.Collectors.joining;

import io.eksnet.lab.Child;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A real Prometheus with the rules of a folder, and a real Alertmanager with the example
 * configuration that lies beside them, its receivers replaced by a {@link Pager}.
 */
public final class Watchers implements AutoCloseable {
  private static final Pattern RECEIVERS = Pattern.compile("(?ms)^receivers:\n(.*?)(?=^[a-z#])");
  private static final Pattern NAME = Pattern.compile("(?m)^  - name: (\\S+)$");

  /** One of them, and where it listens. */
  private record Server(String address, Child process) {
    static Server start(Path log, String address, List<String> command)
        throws IOException, InterruptedException {
      var program =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      var process = Child.start(program, address);
      try {
        if (!process.awaitReady()) {
          throw new IOException(command.get(0) + " does not start: " + Files.readString(log));
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

  private Watchers(Server alertmanager, Server prometheus) {
    this.alertmanager = alertmanager;
    this.prometheus = prometheus;
  }

  /**
   * Starts both.
   *
   * @param dashboards the folder with alerts, rules and alertmanager
   * @param work where their files are written
   * @param haste how much shorter the times are
   * @param targets what is scraped
   */
  public static Watchers start(
      Path dashboards, Path work, Haste haste, List<Scrape> targets, Pager pager)
      throws IOException, InterruptedException {
    var routes = dashboards.resolve("alertmanager/alertmanager.yaml");
    var amFile =
        Files.writeString(
            work.resolve("alertmanager.yml"),
            receivers(haste.routes(Files.readString(routes)), pager.url(), pager.token()));
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
              Scrape.config(haste.of("30s"), rules(dashboards, work, haste), amAddress, targets));
      var prometheus =
          Server.start(
              work.resolve("prometheus.log"),
              address,
              List.of(
                  "prometheus",
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + work.resolve("prometheus-data"),
                  "--web.listen-address=" + address));
      return new Watchers(alertmanager, prometheus);
    } catch (IOException | InterruptedException | RuntimeException e) {
      alertmanager.process().close();
      throw e;
    }
  }

  /** Where Prometheus is, without a slash at its end. */
  public String prometheus() {
    return prometheus.url();
  }

  /** Where Alertmanager is, without a slash at its end. */
  public String alertmanager() {
    return alertmanager.url();
  }

  @Override
  public void close() {
    prometheus.process().close();
    alertmanager.process().close();
  }

  /** The same configuration, each of whose receivers is the webhook. */
  static String receivers(String yaml, String url, Path token) {
    var block = RECEIVERS.matcher(yaml);
    if (!block.find()) {
      throw new IllegalArgumentException("the configuration of Alertmanager has no receivers");
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

  private static List<Path> rules(Path dashboards, Path work, Haste haste) throws IOException {
    for (var folder : List.of("alerts", "rules")) {
      var copy = Files.createDirectories(work.resolve(folder));
      try (var files = Files.newDirectoryStream(dashboards.resolve(folder), "*.yaml")) {
        for (var file : files) {
          Files.writeString(
              copy.resolve(String.valueOf(file.getFileName())),
              haste.rules(Files.readString(file)));
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
