package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.LatencyBaseline;
import io.eksnet.model.diagnosis.ResultWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

/**
 * The latency of each path in the past, from which its usual latency follows. A value: {@link
 * #with} returns the next one.
 *
 * <p>At each interval, a path gets one sample: the median of the last successes of its series. The
 * samples of {@link #SLOT_SAMPLES} intervals become one median, and the last {@link #SLOTS} of
 * these are kept: six hours at an interval of 10 s. The usual latency is their lower quartile, so
 * that a path that becomes slow does not soon become its own baseline. Until the first slot is
 * full, after five minutes, it is unknown; so it is after a restart or a change of the leader.
 *
 * <p>Memory is bounded by {@link #MAX_PATHS} paths with at most 102 numbers each, about 5 MB. Paths
 * beyond that have no baseline. A path without a sample for an hour is removed.
 */
public final class LatencyBaselines {
  static final int SLOT_SAMPLES = 30;
  static final int SLOTS = 72;
  static final int MAX_PATHS = 2_000;
  static final Duration MAX_AGE = Duration.ofHours(1);

  private final Duration interval;
  private final Instant sampled;
  private final Map<String, History> byPath;

  /**
   * @param at the last sample
   * @param samples in milliseconds, of the slot that is not full yet
   * @param medians of full slots, oldest first
   */
  private record History(Instant at, List<Long> samples, List<Long> medians) {
    static final History EMPTY = new History(Instant.MIN, List.of(), List.of());

    History with(long sample, Instant now) {
      var next = append(samples, sample, SLOT_SAMPLES);
      return next.size() < SLOT_SAMPLES
          ? new History(now, next, medians)
          : new History(now, List.of(), append(medians, quantile(next, 2), SLOTS));
    }

    private static List<Long> append(List<Long> values, long value, int max) {
      var next = new ArrayList<>(values.size() < max ? values : values.subList(1, max));
      next.add(value);
      return List.copyOf(next);
    }

    Optional<Long> usual() {
      return medians.isEmpty() ? Optional.empty() : Optional.of(quantile(medians, 4));
    }
  }

  private LatencyBaselines(Duration interval, Instant sampled, Map<String, History> byPath) {
    this.interval = interval;
    this.sampled = sampled;
    this.byPath = byPath;
  }

  /**
   * Nothing is known yet.
   *
   * @param interval between two samples: that at which results are collected
   */
  public static LatencyBaselines none(Duration interval) {
    return new LatencyBaselines(interval, Instant.MIN, Map.of());
  }

  /** The same with a sample of each path; unchanged before the interval is over. */
  public LatencyBaselines with(List<AgentReport> reports, Instant now) {
    var clockSetBack = now.isBefore(sampled);
    if (!clockSetBack && Duration.between(sampled, now).compareTo(interval) < 0) {
      return this;
    }
    var next = new HashMap<String, History>();
    byPath.forEach(
        (path, history) -> {
          if (Duration.between(history.at(), now).compareTo(MAX_AGE) < 0) {
            next.put(path, history);
          }
        });
    samples(reports)
        .forEach(
            (path, values) -> {
              if (next.containsKey(path) || next.size() < MAX_PATHS) {
                next.merge(
                    path,
                    History.EMPTY.with(quantile(values, 2), now),
                    (known, ignored) -> known.with(quantile(values, 2), now));
              }
            });
    return new LatencyBaselines(interval, now, next);
  }

  /** The usual latency of each path that is known. */
  public List<LatencyBaseline> usual() {
    return byPath.entrySet().stream()
        .flatMap(
            path ->
                path
                    .getValue()
                    .usual()
                    .map(usual -> new LatencyBaseline(path.getKey(), usual))
                    .stream())
        .toList();
  }

  private static Map<String, List<Long>> samples(List<AgentReport> reports) {
    return reports.stream()
        .flatMap(report -> report.windows().stream())
        .flatMap(window -> sample(window).stream())
        .collect(groupingBy(Entry::getKey, mapping(Entry::getValue, toList())));
  }

  /** A success after a lost packet shows the timeout of the first try, not the path. */
  private static Optional<Entry<String, Long>> sample(ResultWindow window) {
    return window
        .last()
        .filter(last -> last.succeeded() && !last.retried())
        .flatMap(last -> LatencyPath.of(window.key()).map(path -> Map.entry(path, last.took())));
  }

  /** The value below which one in {@code parts} lies: 2 is the median, 4 the lower quartile. */
  private static long quantile(List<Long> values, int parts) {
    return values.stream().sorted().skip((values.size() - 1) / parts).findFirst().orElseThrow();
  }
}
