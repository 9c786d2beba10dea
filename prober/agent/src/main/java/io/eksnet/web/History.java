package io.eksnet.web;

import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;
import java.util.ArrayDeque;
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
 * The latest observations of each task, and beyond them its latest failures: a failure is still
 * there when a hundred successes have followed. Tasks of one subject, such as two ports of a
 * service, are kept apart. Any thread may write and read.
 */
public final class History {
  private static final Comparator<Numbered> NEWEST_FIRST =
      Comparator.comparing((Numbered kept) -> kept.observation().at()).reversed();

  private final int most;
  private final int mostInAll;
  private final Map<String, Kept> tasks = new HashMap<>();
  private long numbered;

  /**
   * @param most observations of one task, and as many older failures
   * @param mostInAll observations of all tasks, and as many older failures; each task keeps at
   *     least one
   */
  public History(int most, int mostInAll) {
    this.most = most;
    this.mostInAll = mostInAll;
  }

  /** An observation and its number: that of the next one is higher. */
  record Numbered(long number, Observation observation) {}

  private record Kept(Deque<Numbered> latest, Deque<Numbered> failures) {
    Stream<Numbered> all() {
      return Stream.concat(latest.stream(), failures.stream());
    }
  }

  /** Keeps an observation and lets the oldest go. */
  public synchronized void add(Observation observation) {
    var kept =
        tasks.computeIfAbsent(
            observation.task().id(), id -> new Kept(new ArrayDeque<>(2), new ArrayDeque<>(0)));
    kept.latest().addFirst(new Numbered(++numbered, observation));
    int share = Math.max(1, Math.min(most, mostInAll / tasks.size()));
    while (kept.latest().size() > share) {
      var oldest = kept.latest().removeLast();
      if (isFailure(oldest.observation())) {
        kept.failures().addFirst(oldest);
      }
    }
    while (kept.failures().size() > share) {
      kept.failures().removeLast();
    }
  }

  /** Forgets all tasks but those of these ids. */
  public synchronized void retain(Set<String> ids) {
    tasks.keySet().retainAll(ids);
  }

  /** The latest observation of a task. */
  public synchronized Optional<Observation> last(Task task) {
    return Optional.ofNullable(tasks.get(task.id()))
        .map(kept -> kept.latest().getFirst().observation());
  }

  /** What is wanted of all that is kept, newest first. */
  public synchronized List<Observation> newest(Predicate<Observation> wanted, int limit) {
    return tasks.values().stream()
        .flatMap(Kept::all)
        .filter(kept -> wanted.test(kept.observation()))
        .sorted(NEWEST_FIRST)
        .limit(limit)
        .map(Numbered::observation)
        .toList();
  }

  /** What came after the observation of this number, in its order, as far as it is still kept. */
  synchronized List<Numbered> after(long number, Predicate<Observation> wanted, int limit) {
    return tasks.values().stream()
        .flatMap(Kept::all)
        .filter(kept -> kept.number() > number && wanted.test(kept.observation()))
        .sorted(Comparator.comparingLong(Numbered::number))
        .limit(limit)
        .toList();
  }

  /** Whether the target failed; what did not run is no failure. */
  static boolean isFailure(Observation observation) {
    return observation.outcome().worst() instanceof Outcome.Failure;
  }
}
