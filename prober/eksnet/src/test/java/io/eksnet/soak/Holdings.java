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

  private static final long FILES_TOLERANCE = 12;
  private static final long THREADS_TOLERANCE = 12;
  private static final long SERIES_TOLERANCE = 60;
  private static final long TIMERS_TOLERANCE = 60;
  private static final long BYTES_TOLERANCE = 6_000_000;

  /**
   * @param classes the class histogram of a JVM after a collection
   */
  Holdings(long pid, long files, long threads, Map<String, Long> series, String classes) {
    this(pid, files, threads, series, sum(TOTAL, classes), sum(TIMERS, classes));
  }

  /** What is more than before, but for what pools and runs in flight explain. */
  List<String> leaked(Holdings before) {
    var leaks = new ArrayList<String>();
    grown(leaks, "open files", before.files, files, FILES_TOLERANCE);
    grown(leaks, "threads", before.threads, threads, THREADS_TOLERANCE);
    grown(leaks, "series", total(before.series), total(series), SERIES_TOLERANCE);
    if (total(series) > total(before.series) + SERIES_TOLERANCE) {
      series.forEach(
          (name, now) -> grown(leaks, name, before.series.getOrDefault(name, 0L), now, 0));
    }
    grown(leaks, "timers", before.timers, timers, TIMERS_TOLERANCE);
    grown(leaks, "bytes of heap", before.heap, heap, BYTES_TOLERANCE);
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
