package io.eksnet.cli;

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

/** A program that none of us wrote, started for a test and ended with it. */
final class Part implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final Process process;

  private Part(Process process) {
    this.process = process;
  }

  /** Starts {@code command} and waits until {@code ready} answers 200. */
  static Part start(Path log, URI ready, List<String> command) throws Exception {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError("this test needs " + command.get(0) + "; make test installs it", e);
    }
    var part = new Part(process);
    try {
      Await.until(
          command.get(0) + " at " + ready + ", log " + log,
          Duration.ofSeconds(60),
          () -> {
            if (!process.isAlive()) {
              throw new AssertionError(command + " ended: " + Files.readString(log));
            }
            return answers(ready);
          },
          Boolean.TRUE::equals);
      return part;
    } catch (Exception | AssertionError e) {
      part.close();
      throw e;
    }
  }

  static String get(URI uri, String... headers) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString()).body();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean answers(URI uri) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
