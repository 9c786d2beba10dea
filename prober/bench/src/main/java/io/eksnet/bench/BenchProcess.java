package io.eksnet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process of the bench; it ends when closed, and with the bench on every path. */
final class BenchProcess implements AutoCloseable {
  private static final int START_TIMEOUT_SECONDS = 20;
  private static final String END = "";

  private final String name;
  private final Process process;
  private final Thread guard;
  private final Path log;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private BenchProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.guard = new Thread(process::destroyForcibly, "end " + name);
    Runtime.getRuntime().addShutdownHook(guard);
    var reader = new Thread(this::read, "read " + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a program; what it writes to its standard error is kept in {@code work}. */
  static BenchProcess start(
      Path work, String name, Map<String, String> environment, List<String> command) {
    var log = work.resolve(name + ".log");
    var builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(environment);
    try {
      return new BenchProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.get(0), e);
    }
  }

  /** Starts a main class of the bench on one core or on all. */
  static BenchProcess java(Path work, Cores cores, Class<?> main, List<String> arguments) {
    var command = new ArrayList<>(cores.prefix());
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:-UsePerfData"));
    command.addAll(cores.java());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return start(work, main.getSimpleName(), Map.of(), command);
  }

  long pid() {
    return process.pid();
  }

  /** Whether it still runs; a program that ended early did not like what it was given. */
  void mustRun() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended:\n" + tail());
    }
  }

  /** The next line it prints. */
  String line() {
    try {
      var line = lines.poll(START_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (line == null || line.equals(END)) {
        throw new IllegalStateException(name + " printed nothing:\n" + tail());
      }
      return line;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What it counted since it was last asked. */
  ChildCounters mark() {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      return ChildCounters.parse(line());
    } catch (IOException e) {
      throw new UncheckedIOException(name + " ended:\n" + tail(), e);
    }
  }

  /** How many a second it did over a piece of time. */
  double rate(double seconds) throws InterruptedException {
    mark();
    Thread.sleep((long) (1_000 * seconds));
    return mark().rate();
  }

  private void read() {
    try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        if (lines.size() < 1000) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      lines.add(e.toString());
    } finally {
      lines.add(END);
    }
  }

  private String tail() {
    try {
      var all = Files.readString(log);
      return all.substring(Math.max(0, all.length() - 2000));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(3, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    if (!process.isAlive()) {
      release();
    }
  }

  private void release() {
    try {
      Runtime.getRuntime().removeShutdownHook(guard);
    } catch (IllegalStateException ignored) {
      // the bench itself is ending, and the guard runs
    }
  }
}
