package io.eksnet.core.diagnosis;

import io.eksnet.core.Subject;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the latest runs of one agent against one subject came to.
 *
 * @param results newest first; those that did not run are left out
 */
public record Track(Subject subject, List<Result> results) {
  private static final int ENOUGH = 2;

  /** From one moment to another, both included. */
  public record Span(Instant first, Instant last) {
    /** Whether one of these is in it. */
    public boolean holdsOneOf(NavigableSet<Instant> moments) {
      var next = moments.ceiling(first);
      return next != null && !next.isAfter(last);
    }
  }

  public Track {
    results = results.stream().filter(Result::ran).toList();
  }

  /** Whether the last two runs failed: one lost run is no failure. */
  public boolean failing() {
    return results.size() >= ENOUGH && results.stream().limit(ENOUGH).noneMatch(Result::succeeded);
  }

  /** Whether the last two runs failed in this way. */
  public boolean failing(String outcome) {
    return results.size() >= ENOUGH
        && results.stream().limit(ENOUGH).allMatch(result -> result.outcome().equals(outcome));
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

  /** When runs that succeeded began. */
  public Stream<Instant> successes() {
    return results.stream().filter(Result::succeeded).map(Result::at);
  }

  /** The last run. */
  public Optional<Result> last() {
    return results.stream().findFirst();
  }

  /** How many of them are so. */
  public long count(Predicate<Result> so) {
    return results.stream().filter(so).count();
  }
}
