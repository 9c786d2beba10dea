package io.eksnet.bench;

import java.io.IOException;
import java.util.List;

/** Which cores a process may use. */
enum Cores {
  ALL,
  /** The core of what is measured, when it is given one core. */
  MEASURED,
  /** The core of targets and drivers meanwhile. */
  OTHERS;

  private static final boolean PINNING = pinning();

  private static boolean pinning() {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return false;
    }
    try {
      return new ProcessBuilder("taskset", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether processes are really held to their core. */
  static boolean pinned() {
    return PINNING;
  }

  /** What to put before a command. */
  List<String> prefix() {
    return this == ALL || !PINNING ? List.of() : List.of("taskset", "-c", list());
  }

  /** The options that tell a JVM. */
  List<String> java() {
    return this == MEASURED ? List.of("-XX:ActiveProcessorCount=1") : List.of();
  }

  /** Moves all threads of a running process. */
  void take(long pid) {
    if (!PINNING) {
      return;
    }
    try {
      var command = List.of("taskset", "-a", "-c", "-p", list(), Long.toString(pid));
      new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("taskset does not run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String list() {
    return switch (this) {
      case ALL -> "0-" + (Runtime.getRuntime().availableProcessors() - 1);
      case MEASURED -> "1";
      case OTHERS -> "0";
    };
  }
}
