package io.eksnet.core.diagnosis;

import io.eksnet.core.Subject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the latest runs of one agent against one subject came to.
 *
 * @param results newest first; those that did not run are left out
 */
public record Track(Subject subject, List<Result> results) {
  private static final int ENOUGH = 2;

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
   * Whether a run succeeded while {@code other} failed: between the first and the last of its
   * latest failures. What succeeded only before or after them may have failed as well.
   */
  public boolean succeededDuring(Track other) {
    var failures = other.results.stream().takeWhile(result -> !result.succeeded()).toList();
    if (failures.isEmpty()) {
      return false;
    }
    var last = failures.get(0).at();
    var first = failures.get(failures.size() - 1).at();
    return results.stream()
        .filter(Result::succeeded)
        .anyMatch(result -> !result.at().isBefore(first) && !result.at().isAfter(last));
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
