package io.eksnet.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real eksnet agent, started as a user starts it. */
final class AgentProcess implements AutoCloseable {
  private final TestBed stand;
  private final Path config;
  private final BenchProcess child;
  private final ScrapeClient web;

  private AgentProcess(TestBed stand, Path config, BenchProcess child, ScrapeClient web) {
    this.stand = stand;
    this.config = config;
    this.child = child;
    this.web = web;
  }

  /** Starts the program, and does not wait. */
  static AgentProcess launch(TestBed stand, Cores cores, ProbeLoad beat) {
    var config = stand.work().resolve("eksnet.yaml");
    write(config, beat.yaml(stand.ports(), stand.ca()));
    var port = TestBed.freePort();
    var command = new ArrayList<>(cores.prefix());
    command.addAll(
        List.of(
            stand.eksnet().toString(),
            "agent",
            "--config.file=" + config,
            "--web.listen-address=127.0.0.1:" + port,
            "--web.enable-lifecycle"));
    var options = Map.of("EKSNET_JAVA_OPTS", String.join(" ", cores.java()));
    var child = BenchProcess.start(stand.work(), "eksnet", options, command);
    return new AgentProcess(stand, config, child, new ScrapeClient(port));
  }

  /** Starts the program and waits until it is ready. */
  static AgentProcess start(TestBed stand, Cores cores, ProbeLoad beat)
      throws InterruptedException {
    var agent = launch(stand, cores, beat);
    try {
      agent.web.await("/-/ready", agent.child, 20);
      return agent;
    } catch (IllegalStateException e) {
      agent.close();
      throw e;
    }
  }

  /** Gives it another config. */
  void take(ProbeLoad beat) {
    write(config, beat.yaml(stand.ports(), stand.ca()));
    web.post("/-/reload");
  }

  String scrape() {
    return web.page("/metrics");
  }

  /** What it has counted until now. */
  AgentCounts count() {
    var page = scrape();
    return AgentCounts.of(page, System.nanoTime() / 1e9);
  }

  ScrapeClient web() {
    return web;
  }

  void mustRun() {
    child.mustRun();
  }

  long pid() {
    return child.pid();
  }

  /** Lets it run and scrapes it every 5 s, the same number of times in windows of one length. */
  void run(double seconds) throws InterruptedException {
    var scrapes = Math.max(1, Math.round(seconds / 5));
    var half = (long) (1_000 * seconds / scrapes / 2);
    for (var n = 0; n < scrapes; n++) {
      Thread.sleep(half);
      web.fetchOnly("/metrics", true);
      Thread.sleep(half);
    }
  }

  /** How many runs a second succeeded over a piece of time. */
  double rate(double seconds) throws InterruptedException {
    var before = count();
    run(seconds);
    return count().since(before).rate();
  }

  /** The durations of its latest successes, at most 1,000, in seconds. */
  List<Double> durations() {
    var seen = new JsonObject(web.page("/api/v1/observations?limit=1000&outcome=success"));
    return seen.getJsonArray("observations").stream()
        .map(each -> ((JsonObject) each).getDouble("duration_seconds"))
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
