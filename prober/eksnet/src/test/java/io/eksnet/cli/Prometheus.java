package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Debian's Prometheus, which scrapes one target each second. */
public final class Prometheus implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final String address;
  private final Part part;

  private Prometheus(String address, Part part) {
    this.address = address;
    this.part = part;
  }

  /**
   * Starts it over {@code data} of the directory.
   *
   * @param feature one of those that are off by default, or empty
   */
  public static Prometheus start(Path directory, String target, String feature) throws Exception {
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
                .formatted(target));
    var address = ChildProgram.freeAddress();
    var command =
        List.of(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=" + address,
            "--enable-feature=" + feature);
    var ready = URI.create("http://" + address + "/-/ready");
    return new Prometheus(address, Part.start(directory.resolve("prometheus.log"), ready, command));
  }

  /** What a query finds now; one that cannot be evaluated fails. */
  public JsonArray find(String query) throws IOException, InterruptedException {
    return ask(query, "");
  }

  /** What it finds at a moment, in seconds of the epoch. */
  public JsonArray find(String query, long at) throws IOException, InterruptedException {
    return ask(query, "&time=" + at);
  }

  /** The only sample that a query finds, once it does. */
  public JsonObject single(String query) throws Exception {
    var found = Await.until(query, TIMEOUT, () -> find(query), result -> !result.isEmpty());
    assertThat(found).hasSize(1);
    return found.getJsonObject(0);
  }

  public static double value(JsonObject sample) {
    return Double.parseDouble(sample.getJsonArray("value").getString(1));
  }

  private JsonArray ask(String query, String more) throws IOException, InterruptedException {
    var encoded = URLEncoder.encode(query, UTF_8);
    var uri = URI.create("http://" + address + "/api/v1/query?query=" + encoded + more);
    var answer = new JsonObject(Part.get(uri));
    assertThat(answer.getString("status")).as("%s: %s", query, answer).isEqualTo("success");
    return answer.getJsonObject("data").getJsonArray("result");
  }

  @Override
  public void close() {
    part.close();
  }
}
