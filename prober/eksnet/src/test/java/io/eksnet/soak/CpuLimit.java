package io.eksnet.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits a process to a share of one core: by the CPU controller of cgroup v2 or v1 as the kubelet
 * does, or else by stopping and continuing the process.
 */
final class CpuLimit implements AutoCloseable {
  /** The period of the CFS quota that the kubelet sets. */
  private static final Duration PERIOD = Duration.ofMillis(100);

  private static final Path V2 = Path.of("/sys/fs/cgroup");
  private static final Path V1 = V2.resolve("cpu");

  private final String method;
  private final Path group;
  private final @Nullable Thread stopper;

  private CpuLimit(String method, Path group, @Nullable Thread stopper) {
    this.method = method;
    this.group = group;
    this.stopper = stopper;
  }

  /** Limits {@code process} to {@code percent} of one core until it is closed. */
  static CpuLimit of(Process process, int percent) {
    var quota = PERIOD.multipliedBy(percent).dividedBy(100);
    try {
      return cgroup(process, quota);
    } catch (IOException e) {
      return stopping(process, quota, PERIOD);
    }
  }

  private static CpuLimit cgroup(Process process, Duration quota) throws IOException {
    var v2 = Files.exists(V2.resolve("cgroup.controllers"));
    var group = (v2 ? V2 : V1).resolve("eksnet-soak-" + process.pid());
    Files.createDirectory(group);
    if (v2) {
      Files.writeString(group.resolve("cpu.max"), micros(quota) + " " + micros(PERIOD));
    } else {
      Files.writeString(group.resolve("cpu.cfs_period_us"), micros(PERIOD));
      Files.writeString(group.resolve("cpu.cfs_quota_us"), micros(quota));
    }
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
    return new CpuLimit(v2 ? "cgroup v2" : "cgroup v1", group, null);
  }

  /**
   * Lets {@code process} run for {@code running} of each {@code period}, by SIGSTOP and SIGCONT.
   */
  static CpuLimit stopping(Process process, Duration running, Duration period) {
    var thread =
        new Thread(
            () -> {
              try {
                while (!Thread.currentThread().isInterrupted()) {
                  TimeUnit.MILLISECONDS.sleep(running.toMillis());
                  signal(process, "STOP");
                  try {
                    TimeUnit.MILLISECONDS.sleep(period.minus(running).toMillis());
                  } finally {
                    signal(process, "CONT");
                  }
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stopper");
    thread.start();
    return new CpuLimit("SIGSTOP", Path.of(""), thread);
  }

  private static void signal(Process process, String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().onExit().join();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String micros(Duration duration) {
    return Long.toString(duration.toNanos() / 1_000);
  }

  /** How the process is limited. */
  String method() {
    return method;
  }

  /** Ends the limit; the process goes on. */
  @Override
  public void close() throws IOException {
    if (stopper != null) {
      stopper.interrupt();
      try {
        stopper.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    for (var process : Files.readString(group.resolve("cgroup.procs")).lines().toList()) {
      Files.writeString(group.getParent().resolve("cgroup.procs"), process);
    }
    Files.delete(group);
  }
}
