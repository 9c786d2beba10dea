package io.eksnet.bench;

import java.util.List;

/** Reads what one process uses over a window, and what the rest of the machine uses meanwhile. */
final class Meter {
  private final long pid;
  private final List<Long> helpers;
  private final long began = System.nanoTime();
  private final long cpu;
  private final long others;
  private final long machine;

  /**
   * Starts a window.
   *
   * @param pid the measured process
   * @param helpers processes that belong to the measurement: targets, drivers, the bench
   */
  Meter(long pid, List<Long> helpers) {
    this.pid = pid;
    this.helpers = helpers;
    this.cpu = Proc.cpu(pid);
    this.others = cpu(helpers);
    this.machine = Proc.machine();
  }

  Usage stop() {
    var used = Proc.cpu(pid) - cpu;
    var millis = (System.nanoTime() - began) / 1e6;
    var foreign = Proc.machine() - machine - used - (cpu(helpers) - others);
    return new Usage(used, millis, Math.max(0, foreign / millis), Proc.rss(pid));
  }

  private static long cpu(List<Long> pids) {
    return pids.stream().mapToLong(Proc::cpu).sum();
  }

  /**
   * A window.
   *
   * @param foreignCores what was taken by anything that is not part of the measurement
   */
  record Usage(double cpuMillis, double millis, double foreignCores, double rssMegabytes) {
    double cores() {
      return cpuMillis / millis;
    }
  }
}
