package io.eksnet.web;

import io.eksnet.model.Observation;
import io.eksnet.model.Task;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The latest observations of each task, and its latest failures beyond them, so that many successes
 * do not evict a failure. Tasks with the same series, such as two ports of a Service, have a
 * history each. Thread-safe; readers work on snapshots and never delay {@link #add}.
 */
public final class History {
  private static final Comparator<Numbered> NEWEST_FIRST =
      Comparator.comparing((Numbered history) -> history.observation().at()).reversed();

  private final int maxPerTask;
  private final int maxTotal;
  private final Map<String, TaskHistory> tasks = new ConcurrentHashMap<>();

  /** Published after the observation, so that readers see all observations up to it. */
  private volatile long lastNumber;

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

  /** Newest first. */
  private record TaskHistory(List<Numbered> latest, List<Numbered> failures) {
    private static final TaskHistory EMPTY = new TaskHistory(List.of(), List.of());

    TaskHistory with(Numbered added, int max) {
      var evicted = latest.subList(Math.min(latest.size(), max - 1), latest.size());
      var kept = prepend(List.of(added), latest.subList(0, latest.size() - evicted.size()), max);
      var failed = evicted.stream().filter(numbered -> isFailure(numbered.observation())).toList();
      return new TaskHistory(
          kept,
          failed.isEmpty() && failures.size() <= max ? failures : prepend(failed, failures, max));
    }

    private static List<Numbered> prepend(List<Numbered> newer, List<Numbered> older, int max) {
      return Stream.concat(newer.stream(), older.stream()).limit(max).toList();
    }

    Stream<Numbered> all() {
      return Stream.concat(latest.stream(), failures.stream());
    }
  }

  /** Adds an observation and evicts the oldest; never waits for a reader. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // writers are serialized
  public synchronized void add(Observation observation) {
    var numbered = new Numbered(lastNumber + 1, observation);
    var id = observation.task().id();
    var known = tasks.getOrDefault(id, TaskHistory.EMPTY);
    var count = tasks.size() + (known.latest().isEmpty() ? 1 : 0);
    var share = Math.max(1, Math.min(maxPerTask, maxTotal / count));
    tasks.put(id, known.with(numbered, share));
    lastNumber++;
  }

  /** Removes all other tasks. */
  public void retain(Set<String> ids) {
    tasks.keySet().retainAll(ids);
  }

  /** The latest observation of a task. */
  public Optional<Observation> last(Task task) {
    return Optional.ofNullable(tasks.get(task.id()))
        .map(history -> history.latest().get(0).observation());
  }

  /** The latest observation of a task that has a result. */
  public Optional<Observation> lastResult(Task task) {
    return Optional.ofNullable(tasks.get(task.id())).stream()
        .flatMap(TaskHistory::all)
        .map(Numbered::observation)
        .filter(observation -> observation.outcome().ran())
        .findFirst();
  }

  /** The matching observations, newest first. */
  public List<Observation> newest(Predicate<Observation> filter, int limit) {
    return all()
        .filter(history -> filter.test(history.observation()))
        .sorted(NEWEST_FIRST)
        .limit(limit)
        .map(Numbered::observation)
        .toList();
  }

  /** The matching observations after a sequence number, oldest first. */
  List<Numbered> after(long number, Predicate<Observation> filter, int limit) {
    var end = lastNumber;
    return all()
        .filter(history -> history.number() > number && history.number() <= end)
        .filter(history -> filter.test(history.observation()))
        .sorted(Comparator.comparingLong(Numbered::number))
        .limit(limit)
        .toList();
  }

  private Stream<Numbered> all() {
    return tasks.values().stream().flatMap(TaskHistory::all);
  }

  /** Whether the probe failed; one that did not run has not failed. */
  static boolean isFailure(Observation observation) {
    return observation.outcome().failed();
  }
}
