package io.eksnet.model.diagnosis;

import io.eksnet.model.SeriesKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the latest runs of one agent against one subject came to.
 *
 * @param results newest first; those that did not run are left out
 */
public record ResultWindow(SeriesKey subject, List<Result> results) {
  private static final int ENOUGH = 2;

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

  /** When runs that succeeded began and ended: which of the tries went well is not known. */
  public Stream<Span> successes() {
    return results.stream()
        .filter(Result::succeeded)
        .map(result -> new Span(result.at(), result.at().plusMillis(result.took())));
  }

  /** The last run. */
  public Optional<Result> last() {
    return results.stream().findFirst();
  }

  /**
   * Those that come after a success: what is lost then is lost by itself, and not for the end of an
   * outage.
   */
  public Stream<Result> afterSuccess() {
    return IntStream.range(1, results.size())
        .filter(earlier -> results.get(earlier).succeeded())
        .mapToObj(earlier -> results.get(earlier - 1));
  }
}
