package io.eksnet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Processes and the machine as /proc shows them; see proc(5). Times are in milliseconds. */
final class Proc {
  /** USER_HZ, which Linux fixes at 100 for all that /proc shows. */
  private static final int MILLIS_PER_TICK = 10;

  private Proc() {}

  /** The CPU time a process has used. */
  static long cpu(long pid) {
    return cpu(read("/proc/" + pid + "/stat"));
  }

  /** utime and stime, fields 14 and 15; the name in field 2 may hold spaces and brackets. */
  static long cpu(String stat) {
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
  }

  /** The CPU time all have used. */
  static long machine() {
    return machine(read("/proc/stat"));
  }

  /** The first line without idle, iowait, and guest time, which user time contains. */
  static long machine(String stat) {
    var fields = stat.lines().findFirst().orElse("").strip().split(" +", -1);
    var busy = new int[] {1, 2, 3, 6, 7, 8};
    return Arrays.stream(busy).mapToLong(n -> Long.parseLong(fields[n])).sum() * MILLIS_PER_TICK;
  }

  /** The memory a process has in RAM, in MB. */
  static double rss(long pid) {
    return rss(read("/proc/" + pid + "/status"));
  }

  /** The most memory a process has had in RAM, in MB. */
  static double peakRss(long pid) {
    return megabytes(read("/proc/" + pid + "/status"), "VmHWM:");
  }

  static double rss(String status) {
    return megabytes(status, "VmRSS:");
  }

  private static double megabytes(String status, String field) {
    return status
        .lines()
        .filter(line -> line.startsWith(field))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      throw new UncheckedIOException("a measured process is gone: " + path, e);
    }
  }
}
