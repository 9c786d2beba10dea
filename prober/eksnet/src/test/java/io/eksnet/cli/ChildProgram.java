package io.eksnet.cli;

import java.io.File;
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
import java.util.spi.ToolProvider;

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

  /**
   * Starts it from jars, as it is shipped. Unlike directories, a jar stays open, so that its
   * classes can be loaded without a free file descriptor.
   */
  static ChildProgram startFromJars(Path directory, String... arguments) throws IOException {
    var builder =
        builder(directory, List.of(), jars(directory), arguments)
            .redirectError(directory.resolve("stderr").toFile());
    return new ChildProgram(builder.start(), directory);
  }

  private static String jars(Path directory) throws IOException {
    var jars = new ArrayList<String>();
    for (var entry : classPath().split(File.pathSeparator, -1)) {
      if (Files.isRegularFile(Path.of(entry))) {
        jars.add(entry);
      } else if (entry.endsWith("classes") && !entry.endsWith("test-classes")) {
        var jar = directory.resolve(jars.size() + ".jar").toString();
        var exit =
            ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "-c", "-0", "-f", jar, "-C", entry, ".");
        if (exit != 0) {
          throw new IOException("jar exited with " + exit + " for " + entry);
        }
        jars.add(jar);
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  /** Starts it with a pipe as its standard error that nobody reads. */
  static ChildProgram startWithUnreadLog(Path directory, String... arguments) throws IOException {
    Files.createFile(directory.resolve("stderr"));
    return new ChildProgram(builder(directory, List.of(), arguments).start(), directory);
  }

  private static ProcessBuilder builder(Path directory, List<String> prefix, String... arguments) {
    return builder(directory, prefix, classPath(), arguments);
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static ProcessBuilder builder(
      Path directory, List<String> prefix, String classPath, String... arguments) {
    var command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-cp");
    command.add(classPath);
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

  /** How many file descriptors it has open. */
  int openDescriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
      return (int) files.count();
    }
  }

  /** Lets it open file descriptors below this number only; it keeps those that it has. */
  void limitDescriptors(int limit) throws Exception {
    var change =
        new ProcessBuilder("prlimit", "--pid=" + process.pid(), "--nofile=" + limit + ":").start();
    if (change.waitFor() != 0) {
      throw new IOException("prlimit exited with " + change.exitValue());
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
