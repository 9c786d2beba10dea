package io.eksnet.dashboards;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real Alertmanager, alone and with nobody to send to within the time of a test. */
final class Alertmanager implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final String base;
  private final List<JsonObject> pending = new ArrayList<>();

  private Alertmanager(Process process, String base) {
    this.process = process;
    this.base = base;
  }

  static Alertmanager start(Path config, Path directory) throws Exception {
    var address = "127.0.0.1:" + freePort();
    var log = directory.resolve("alertmanager.log");
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "prometheus-alertmanager",
                  "--config.file=" + config,
                  "--storage.path=" + directory.resolve("data"),
                  "--web.listen-address=" + address,
                  "--cluster.listen-address=")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError("this test needs prometheus-alertmanager; make test installs it", e);
    }
    var alertmanager = new Alertmanager(process, "http://" + address);
    try {
      alertmanager.awaitReady(log);
      return alertmanager;
    } catch (Exception | AssertionError e) {
      alertmanager.close();
      throw e;
    }
  }

  void post(List<Map<String, String>> alerts) throws IOException, InterruptedException {
    add(
        alerts.stream()
            .map(
                labels ->
                    new JsonObject()
                        .put("labels", new JsonObject(new HashMap<String, Object>(labels))))
            .toList());
    flush();
  }

  /** Keeps alerts for {@link #flush}. */
  void add(List<JsonObject> alerts) {
    alerts.forEach(alert -> pending.add(alert.put("startsAt", Instant.now().toString())));
  }

  /** Sends the alerts that were added. */
  void flush() throws IOException, InterruptedException {
    var answer =
        send(
            HttpRequest.newBuilder(URI.create(base + "/api/v2/alerts"))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(new JsonArray(pending).encode())));
    pending.clear();
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
  }

  /** The alerts of a cluster that nothing mutes. */
  List<JsonObject> active(String cluster) throws IOException, InterruptedException {
    return labels("?inhibited=false&filter=cluster%3D%22" + cluster + "%22");
  }

  /** All alerts that nothing mutes. */
  List<JsonObject> active() throws IOException, InterruptedException {
    return labels("?inhibited=false");
  }

  private List<JsonObject> labels(String query) throws IOException, InterruptedException {
    var uri = URI.create(base + "/api/v2/alerts" + query);
    var answer = new JsonArray(send(HttpRequest.newBuilder(uri)).body());
    var labels = new ArrayList<JsonObject>();
    for (var i = 0; i < answer.size(); i++) {
      labels.add(answer.getJsonObject(i).getJsonObject("labels"));
    }
    return labels;
  }

  int count(String cluster) throws IOException, InterruptedException {
    var uri = URI.create(base + "/api/v2/alerts?filter=cluster%3D%22" + cluster + "%22");
    return new JsonArray(send(HttpRequest.newBuilder(uri)).body()).size();
  }

  private void awaitReady(Path log) throws Exception {
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("alertmanager does not start: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return send(HttpRequest.newBuilder(URI.create(base + "/-/ready"))).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
