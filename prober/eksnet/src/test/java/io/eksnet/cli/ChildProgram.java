package io.eksnet.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The program as the operating system sees it: a process with signals, streams and an exit. */
public final class ChildProgram implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Process process;
  private final Path directory;

  private ChildProgram(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  static ChildProgram start(Path directory, String... arguments) throws IOException {
    return start(directory, Map.of(), arguments);
  }

  static ChildProgram start(Path directory, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(directory, List.of(), environment, arguments);
  }

  /** Starts it by a command that ends with running the rest of its arguments. */
  static ChildProgram start(
      Path directory, List<String> prefix, Map<String, String> environment, String... arguments)
      throws IOException {
    var builder =
        builder(directory, prefix, arguments).redirectError(directory.resolve("stderr").toFile());
    builder.environment().putAll(environment);
    return new ChildProgram(builder.start(), directory);
  }

  /** Starts it with a pipe as its standard error that nobody reads. */
  static ChildProgram startWithUnreadLog(Path directory, String... arguments) throws IOException {
    Files.createFile(directory.resolve("stderr"));
    return new ChildProgram(builder(directory, List.of(), arguments).start(), directory);
  }

  private static ProcessBuilder builder(Path directory, List<String> prefix, String... arguments) {
    var command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectOutput(directory.resolve("stdout").toFile());
  }

  /** An address that nobody listens on. */
  public static String freeAddress() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  /** Waits until {@code uri} answers at all. */
  HttpResponse<String> await(HttpClient client, URI uri) throws Exception {
    var answer =
        Await.until(
            "an answer of " + uri,
            TIMEOUT,
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("it ended: " + stderr());
              }
              try {
                return Optional.of(get(client, uri));
              } catch (IOException e) {
                return Optional.<HttpResponse<String>>empty();
              }
            },
            Optional::isPresent);
    return answer.orElseThrow();
  }

  public static HttpResponse<String> get(HttpClient client, URI uri, String... headers)
      throws Exception {
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  void signal(String name) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill came to " + kill.exitValue());
    }
  }

  /** The exit code, once it ended. */
  int exit() throws InterruptedException {
    if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it still runs after " + TIMEOUT);
    }
    return process.exitValue();
  }

  String stdout() throws IOException {
    return Files.readString(directory.resolve("stdout"));
  }

  String stderr() throws IOException {
    return Files.readString(directory.resolve("stderr"));
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
