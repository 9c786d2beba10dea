package io.eksnet.soak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.eksnet.cli.ExpositionSamples;
import io.eksnet.cli.Main;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A process of eksnet that can be frozen, killed, started again, and given another time. */
final class Instance implements AutoCloseable {
  /** Each operation has a series for each of five outcomes, from the first time it ends so. */
  private static final String OF_AWS = "eksnet_aws_api_";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

  private final String role;
  private final String address;
  private final Path directory;
  private final Map<String, String> environment;
  private Process process;
  private volatile boolean answers = true;

  /** Starts it over {@code eksnet.yaml} of its directory. */
  Instance(String role, String address, Path directory, Map<String, String> environment)
      throws IOException {
    this.role = role;
    this.address = address;
    this.directory = directory;
    this.environment = new HashMap<>(environment);
    this.environment.put("HOME", directory.toString());
    clockLibrary().ifPresent(this::fakeTime);
    jump(Duration.ZERO);
    process = launched();
  }

  /**
   * The library that gives a process another time of day, Debian's {@code faketime}; the monotonic
   * clock stays what it is, as on a machine whose clock is set.
   */
  static Optional<Path> clockLibrary() {
    return Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu")
        .map(machine -> Path.of("/usr/lib", machine, "faketime/libfaketimeMT.so.1"))
        .filter(Files::exists)
        .findFirst();
  }

  private void fakeTime(Path library) {
    environment.put("LD_PRELOAD", library.toString());
    environment.put("FAKETIME_TIMESTAMP_FILE", directory.resolve("clock").toString());
    environment.put("FAKETIME_CACHE_DURATION", "1");
    environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    // Else waits on the monotonic clock, which are most of the JVM's, never end or at once.
    environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    environment.put("NO_FAKE_STAT", "1");
  }

  private Process launched() throws IOException {
    var classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var command =
        List.of(
            JAVA.resolve("java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes,
            Main.class.getName(),
            role,
            "--config.file=" + directory.resolve("eksnet.yaml"),
            "--web.listen-address=" + address);
    var log = Redirect.appendTo(new File(directory.toFile(), "log"));
    var builder = new ProcessBuilder(command).redirectOutput(log).redirectError(log);
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Sets its clock so far off that of the machine. */
  void jump(Duration by) throws IOException {
    replace("clock", "%+d\n".formatted(by.toSeconds()));
  }

  /** Replaces a file of its directory at once. */
  void replace(String name, String text) throws IOException {
    var next = Files.writeString(directory.resolve(name + ".next"), text);
    Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  void freeze() throws IOException {
    answers = false;
    signal("STOP");
  }

  void thaw() throws IOException {
    signal("CONT");
    answers = true;
  }

  void kill() {
    answers = false;
    process.destroyForcibly().onExit().join();
    for (var left : List.of("faketime_shm_", "sem.faketime_sem_")) {
      new File("/dev/shm", left + pid()).delete();
    }
  }

  void restart() throws IOException {
    process = launched();
    answers = true;
  }

  /** Whether it runs as far as anybody here knows; one that just started may not answer yet. */
  boolean answers() {
    return answers;
  }

  /** Whether it runs and has started. */
  boolean ready() {
    try {
      return answers && get("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  boolean leads() throws IOException {
    return page().sum("eksnet_leader", Map.of()) == 1;
  }

  /** Its identity, which changes with every start. */
  long pid() {
    return process.pid();
  }

  boolean ended() {
    return !process.isAlive();
  }

  void signal(String name) throws IOException {
    output("kill", "-" + name, Long.toString(pid()));
  }

  HttpResponse<String> get(String path) throws IOException {
    var request = HttpRequest.newBuilder(URI.create("http://" + address + path));
    try {
      return HTTP.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  ExpositionSamples page() throws IOException {
    return ExpositionSamples.parse(get("/metrics").body());
  }

  /** What it holds now; makes it collect its garbage twice. */
  Holdings holdings() throws IOException {
    classes();
    var classes = classes();
    var series =
        page().all().stream()
            .map(ExpositionSamples.Sample::name)
            .filter(name -> !name.startsWith(OF_AWS))
            .collect(groupingBy(name -> name, counting()));
    return new Holdings(pid(), count("fd"), count("task"), series, classes);
  }

  private String classes() throws IOException {
    return output(JAVA.resolve("jcmd").toString(), Long.toString(pid()), "GC.class_histogram");
  }

  private long count(String what) throws IOException {
    try (var all = Files.list(Path.of("/proc", Long.toString(pid()), what))) {
      return all.count();
    }
  }

  private static String output(String... command) throws IOException {
    var child = new ProcessBuilder(new ArrayList<>(List.of(command))).start();
    var output = new String(child.getInputStream().readAllBytes(), UTF_8);
    try {
      if (child.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " came to " + child.exitValue());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return output;
  }

  @Override
  public void close() {
    kill();
  }
}
