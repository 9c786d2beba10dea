package io.eksnet.lab.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of the Prometheus family as a process that ends with this one. */
final class Tool implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration DRAIN = Duration.ofSeconds(15);

  private final Process process;
  private final String url;
  private final Thread hook;

  private Tool(Process process, String url) {
    this.process = process;
    this.url = url;
    this.hook = new Thread(this::stop, "demo-stop");
  }

  /** Starts it and waits until it is ready. */
  static Tool start(Path log, String url, List<String> command)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var tool = new Tool(process, url);
    Runtime.getRuntime().addShutdownHook(tool.hook);
    try {
      tool.awaitReady(command.get(0), log);
      return tool;
    } catch (IOException | InterruptedException | RuntimeException e) {
      tool.close();
      throw e;
    }
  }

  String url() {
    return url;
  }

  private void awaitReady(String name, Path log) throws IOException, InterruptedException {
    var ready =
        HttpRequest.newBuilder(URI.create(url + "/-/ready")).timeout(Duration.ofSeconds(2)).build();
    var client = HttpClient.newHttpClient();
    var end = System.nanoTime() + START.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      try {
        if (client.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not there yet.
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IOException(name + " does not start: " + Files.readString(log));
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The shutdown is already on its way.
    }
  }

  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
