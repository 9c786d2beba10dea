package io.eksnet.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a process holds: open files, threads, series by name, bytes of live heap, and timers. */
record Holdings(
    long pid, long files, long threads, Map<String, Long> series, long heap, long timers) {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");
  private static final Pattern TIMERS =
      Pattern.compile(
          "(?m)^ *\\d+: +(\\d+) +\\d+ +"
              + "(?:io\\.netty\\.util\\.concurrent\\.ScheduledFutureTask|\\S+InternalTimerHandler)\\b");

  private static final long FEW_FILES = 12;
  private static final long FEW_THREADS = 12;
  private static final long FEW_SERIES = 60;
  private static final long FEW_TIMERS = 60;
  private static final long FEW_BYTES = 6_000_000;

  /**
   * @param classes the class histogram of a JVM after a collection
   */
  Holdings(long pid, long files, long threads, Map<String, Long> series, String classes) {
    this(pid, files, threads, series, sum(TOTAL, classes), sum(TIMERS, classes));
  }

  /** What is more than before, but for what pools and runs in flight explain. */
  List<String> leaked(Holdings before) {
    var leaks = new ArrayList<String>();
    grown(leaks, "open files", before.files, files, FEW_FILES);
    grown(leaks, "threads", before.threads, threads, FEW_THREADS);
    grown(leaks, "series", total(before.series), total(series), FEW_SERIES);
    if (total(series) > total(before.series) + FEW_SERIES) {
      series.forEach(
          (name, now) -> grown(leaks, name, before.series.getOrDefault(name, 0L), now, 0));
    }
    grown(leaks, "timers", before.timers, timers, FEW_TIMERS);
    grown(leaks, "bytes of heap", before.heap, heap, FEW_BYTES);
    return leaks;
  }

  private static long total(Map<String, Long> series) {
    return series.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public String toString() {
    return "pid %d: %d files, %d threads, %d series, %d bytes of heap, %d timers"
        .formatted(pid, files, threads, total(series), heap, timers);
  }

  private static void grown(List<String> leaks, String what, long before, long now, long few) {
    if (now > before + few) {
      leaks.add(before + " " + what + " became " + now);
    }
  }

  private static long sum(Pattern pattern, String text) {
    var found = pattern.matcher(text);
    var sum = 0L;
    while (found.find()) {
      sum += Long.parseLong(found.group(1));
    }
    return sum;
  }
}
