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

/**
 * A process beside the lab that ends with it, and is given time to drain: eksnet, or who watches
 * it.
 */
public final class Child implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration DRAIN = Duration.ofSeconds(35);

  private final Process process;
  private final String address;
  private final Thread hook;

  private Child(Process process, String address) {
    this.process = process;
    this.address = address;
    this.hook = new Thread(this::stop, "lab-stop");
  }

  /** Starts {@code program} on an address such as {@code 127.0.0.1:9853}. */
  static Child start(Path program, Path config, String address) throws IOException {
    return start(program, "standalone", config, address, Map.of());
  }

  /**
   * Starts {@code program} in a role of its own.
   *
   * @param environment beside that of this process
   */
  public static Child start(
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

  /** Starts any program that answers {@code /-/ready} on an address. */
  public static Child start(ProcessBuilder program, String address) throws IOException {
    var child = new Child(program.start(), address);
    Runtime.getRuntime().addShutdownHook(child.hook);
    return child;
  }

  /** An address of 127.0.0.1 that nobody listens on; port 0 takes a free one. */
  public static String claim(int port) {
    return Bind.on(port, "127.0.0.1")
        .claim(
            bind -> {
              try (var socket = new ServerSocket(bind.port(), 1, bind.addresses().get(0))) {
                return "127.0.0.1:" + socket.getLocalPort();
              }
            });
  }

  /** Whether it became ready; false when it ended before, or took too long and still runs. */
  public boolean awaitReady() throws InterruptedException {
    var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    var ready =
        HttpRequest.newBuilder(URI.create("http://" + address + "/-/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        if (client.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
          return true;
        }
      } catch (IOException e) {
        // Not there yet.
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    if (process.isAlive()) {
      System.err.println("lab: " + address + " is not ready after " + START.toSeconds() + " s");
    }
    return false;
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end; its exit status. */
  public int awaitEnd() throws InterruptedException {
    return process.waitFor();
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

  /** SIGTERM, time to drain, and only then SIGKILL. */
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
