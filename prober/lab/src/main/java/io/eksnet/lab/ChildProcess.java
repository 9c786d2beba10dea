package io.eksnet.lab;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A child process that ends with the lab and has time to drain: eksnet, Prometheus, … */
public final class ChildProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(35);

  private final Process process;
  private final String address;
  private final Thread hook;

  private ChildProcess(Process process, String address) {
    this.process = process;
    this.address = address;
    this.hook = new Thread(this::stop, "lab-stop");
  }

  /**
   * Starts eksnet.
   *
   * @param role {@code standalone}, {@code agent} or {@code controller}
   * @param environment additional environment variables
   */
  public static ChildProcess start(
      Path program, String role, Path config, String address, Map<String, String> environment)
      throws IOException {
    var builder =
        new ProcessBuilder(
                program.toString(),
                role,
                "--config.file=" + config,
                "--web.listen-address=" + address,
                "--web.enable-lifecycle")
            .inheritIO();
    builder.environment().putAll(environment);
    return start(builder, address);
  }

  /** Starts a program that serves {@code /-/ready} on an address. */
  public static ChildProcess start(ProcessBuilder program, String address) throws IOException {
    var child = new ChildProcess(program.start(), address);
    Runtime.getRuntime().addShutdownHook(child.hook);
    return child;
  }

  /** An unused address {@code 127.0.0.1:port}; port 0 selects a free one. */
  public static String claim(int port) {
    return Bind.on(port, "127.0.0.1")
        .claim(
            bind -> {
              try (var socket = new ServerSocket(bind.port(), 1, bind.addresses().get(0))) {
                return "127.0.0.1:" + socket.getLocalPort();
              }
            });
  }

  /** Waits until it is ready; false if it ended or is not ready in time. */
  public boolean awaitReady() throws InterruptedException {
    var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    var ready =
        HttpRequest.newBuilder(URI.create("http://" + address + "/-/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    long end = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        if (client.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
          return true;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    if (process.isAlive()) {
      System.err.println(
          "lab: " + address + " is not ready after " + START_TIMEOUT.toSeconds() + " s");
    }
    return false;
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it ends; its exit status. */
  public int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The shutdown has begun.
    }
  }

  /** SIGTERM, time to drain, and only then SIGKILL. */
  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(DRAIN_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
