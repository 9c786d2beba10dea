package io.eksnet.web;

import io.eksnet.model.Observation;
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
 * The latest observations of each task, and its latest failures beyond them, so that many successes
 * do not evict a failure. Tasks with the same series, such as two ports of a Service, have a
 * history each. Thread-safe.
 */
public final class History {
  private static final Comparator<Numbered> NEWEST_FIRST =
      Comparator.comparing((Numbered history) -> history.observation().at()).reversed();

  private final int maxPerTask;
  private final int maxTotal;
  private final Map<String, TaskHistory> tasks = new HashMap<>();
  private long lastNumber;

  /**
   * @param maxPerTask observations of one task, and as many older failures
   * @param maxTotal observations of all tasks, and as many older failures; each task keeps at least
   *     one
   */
  public History(int maxPerTask, int maxTotal) {
    this.maxPerTask = maxPerTask;
    this.maxTotal = maxTotal;
  }

  /** An observation and its sequence number. */
  record Numbered(long number, Observation observation) {}

  private record TaskHistory(Deque<Numbered> latest, Deque<Numbered> failures) {
    Stream<Numbered> all() {
      return Stream.concat(latest.stream(), failures.stream());
    }
  }

  /** Adds an observation and evicts the oldest. */
  public synchronized void add(Observation observation) {
    var history =
        tasks.computeIfAbsent(
            observation.task().id(),
            id -> new TaskHistory(new ArrayDeque<>(2), new ArrayDeque<>(0)));
    history.latest().addFirst(new Numbered(++lastNumber, observation));
    int share = Math.max(1, Math.min(maxPerTask, maxTotal / tasks.size()));
    while (history.latest().size() > share) {
      var oldest = history.latest().removeLast();
      if (isFailure(oldest.observation())) {
        history.failures().addFirst(oldest);
      }
    }
    while (history.failures().size() > share) {
      history.failures().removeLast();
    }
  }

  /** Removes all other tasks. */
  public synchronized void retain(Set<String> ids) {
    tasks.keySet().retainAll(ids);
  }

  /** The latest observation of a task. */
  public synchronized Optional<Observation> last(Task task) {
    return Optional.ofNullable(tasks.get(task.id()))
        .map(history -> history.latest().getFirst().observation());
  }

  /** The latest observation of a task that has a result. */
  public synchronized Optional<Observation> lastResult(Task task) {
    return Optional.ofNullable(tasks.get(task.id())).stream()
        .flatMap(TaskHistory::all)
        .map(Numbered::observation)
        .filter(observation -> observation.outcome().ran())
        .findFirst();
  }

  /** The matching observations, newest first. */
  public synchronized List<Observation> newest(Predicate<Observation> filter, int limit) {
    return tasks.values().stream()
        .flatMap(TaskHistory::all)
        .filter(history -> filter.test(history.observation()))
        .sorted(NEWEST_FIRST)
        .limit(limit)
        .map(Numbered::observation)
        .toList();
  }

  /** The matching observations after a sequence number, oldest first. */
  synchronized List<Numbered> after(long number, Predicate<Observation> filter, int limit) {
    return tasks.values().stream()
        .flatMap(TaskHistory::all)
        .filter(history -> history.number() > number && filter.test(history.observation()))
        .sorted(Comparator.comparingLong(Numbered::number))
        .limit(limit)
        .toList();
  }

  /** Whether the probe failed; one that did not run has not failed. */
  static boolean isFailure(Observation observation) {
    return observation.outcome().failed();
  }
}
