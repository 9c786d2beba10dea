package io.eksnet.model.diagnosis;

import io.eksnet.model.JsonName;
import io.eksnet.model.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The latest results of one agent for one series. A series whose last three runs did not run is not
 * probed: it has no results, neither good nor bad ones.
 *
 * @param results newest first; those that did not run are left out
 * @param earlierErrors responses of a load balancer itself with a 5xx code in the hour before these
 *     results, newest first; empty if they are not kept for this series
 */
public record ResultWindow(
    @JsonName("subject") SeriesKey key,
    List<Result> results,
    Optional<List<Result>> earlierErrors) {
  private static final int FAILURES_IN_A_ROW = 2;

  /** After that many intervals without a result a value is stale. */
  private static final int FRESH_INTERVALS = 3;

  private static final Duration MIN_FRESH = Duration.ofMinutes(1);

  /** From one moment to another, both included. Ordered by the first, then by the last. */
  public record Span(Instant first, Instant last) implements Comparable<Span> {
    private static final Comparator<Span> ORDER =
        Comparator.comparing(Span::first).thenComparing(Span::last);

    /** Whether one of these is in it, from its first to its last. */
    public boolean holdsOneOf(NavigableSet<Span> others) {
      return others.tailSet(new Span(first, first), true).stream()
          .takeWhile(other -> !other.first().isAfter(last))
          .anyMatch(other -> !other.last().isAfter(last));
    }

    @Override
    public int compareTo(Span other) {
      return ORDER.compare(this, other);
    }
  }

  public ResultWindow {
    var probed = results.stream().limit(FRESH_INTERVALS).anyMatch(Result::ran);
    var stale = results.size() >= FRESH_INTERVALS && !probed;
    results = stale ? List.of() : results.stream().filter(Result::ran).toList();
    earlierErrors = earlierErrors.map(List::copyOf);
  }

  /** A window of a series for which earlier errors are not kept. */
  public ResultWindow(SeriesKey key, List<Result> results) {
    this(key, results, Optional.empty());
  }

  /** The same series without results. */
  public ResultWindow notProbed() {
    return new ResultWindow(key, List.of(), earlierErrors);
  }

  /**
   * For how long the last result is valid: three of the intervals between the results, but at least
   * a minute; empty if there are too few results to know the interval.
   */
  public Optional<Duration> freshFor() {
    if (results.size() < 2) {
      return Optional.empty();
    }
    var span = Duration.between(results.get(results.size() - 1).at(), results.get(0).at());
    var fresh = span.dividedBy(results.size() - 1).multipliedBy(FRESH_INTERVALS);
    return Optional.of(fresh.compareTo(MIN_FRESH) > 0 ? fresh : MIN_FRESH);
  }

  /** Whether the last two runs failed: a single failure may be noise. */
  public boolean failing() {
    return results.size() >= FAILURES_IN_A_ROW
        && results.stream().limit(FAILURES_IN_A_ROW).noneMatch(Result::succeeded);
  }

  /** Whether the last two runs failed in this way. */
  public boolean failing(String outcome) {
    return results.size() >= FAILURES_IN_A_ROW
        && results.stream()
            .limit(FAILURES_IN_A_ROW)
            .allMatch(result -> result.outcome().equals(outcome));
  }

  /** Whether the last run succeeded. */
  public boolean healthy() {
    return !results.isEmpty() && results.get(0).succeeded();
  }

  /**
   * From the first to the last of its latest failures in a row; empty if the last run succeeded.
   */
  public Optional<Span> failures() {
    var failures = results.stream().takeWhile(result -> !result.succeeded()).toList();
    return failures.isEmpty()
        ? Optional.empty()
        : Optional.of(new Span(failures.get(failures.size() - 1).at(), failures.get(0).at()));
  }

  /** When successful runs started and ended; which of their tries succeeded is unknown. */
  public Stream<Span> successes() {
    return results.stream()
        .filter(Result::succeeded)
        .map(result -> new Span(result.at(), result.at().plusMillis(result.took())));
  }

  /** The last run. */
  public Optional<Result> last() {
    return results.stream().findFirst();
  }

  /** The results that follow a success: a loss there is a single one, not the end of an outage. */
  public Stream<Result> afterSuccess() {
    return IntStream.range(1, results.size())
        .filter(earlier -> results.get(earlier).succeeded())
        .mapToObj(earlier -> results.get(earlier - 1));
  }
}
