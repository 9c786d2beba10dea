package io.eksnet.web;

import io.eksnet.core.Observation;
import io.eksnet.core.Outcome;
import io.eksnet.core.Subject;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The latest observations of each subject, and beyond them its latest failures: a failure is still
 * there when a hundred successes have followed. Any thread may write and read.
 */
public final class History {
  private static final Comparator<Observation> NEWEST_FIRST =
      Comparator.comparing(Observation::at).reversed();

  private final int most;
  private final int mostInAll;
  private final Map<Subject, Kept> subjects = new HashMap<>();

  /**
   * @param most observations of one subject, and as many older failures
   * @param mostInAll observations of all subjects, and as many older failures; each subject keeps
   *     at least one
   */
  public History(int most, int mostInAll) {
    this.most = most;
    this.mostInAll = mostInAll;
  }

  private record Kept(Deque<Observation> latest, Deque<Observation> failures) {
    Stream<Observation> all() {
      return Stream.concat(latest.stream(), failures.stream());
    }
  }

  /** Keeps an observation and lets the oldest go. */
  public synchronized void add(Observation observation) {
    var kept =
        subjects.computeIfAbsent(
            observation.task().subject(),
            subject -> new Kept(new ArrayDeque<>(2), new ArrayDeque<>(0)));
    kept.latest().addFirst(observation);
    int share = Math.max(1, Math.min(most, mostInAll / subjects.size()));
    while (kept.latest().size() > share) {
      var oldest = kept.latest().removeLast();
      if (isFailure(oldest)) {
        kept.failures().addFirst(oldest);
      }
    }
    while (kept.failures().size() > share) {
      kept.failures().removeLast();
    }
  }

  /** Forgets all other subjects. */
  public synchronized void retain(Collection<? extends Subject> those) {
    subjects.keySet().retainAll(Set.copyOf(those));
  }

  /** The latest observation of a subject. */
  public synchronized Optional<Observation> last(Subject subject) {
    return Optional.ofNullable(subjects.get(subject)).map(kept -> kept.latest().getFirst());
  }

  /** What is wanted of all that is kept, newest first. */
  public synchronized List<Observation> newest(Predicate<Observation> wanted, int limit) {
    return subjects.values().stream()
        .flatMap(Kept::all)
        .filter(wanted)
        .sorted(NEWEST_FIRST)
        .limit(limit)
        .toList();
  }

  /** Whether the target failed; what did not run is no failure. */
  static boolean isFailure(Observation observation) {
    return observation.outcome().worst() instanceof Outcome.Failure;
  }
}
