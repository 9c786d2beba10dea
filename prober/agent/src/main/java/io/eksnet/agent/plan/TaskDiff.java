package io.eksnet.agent.plan;

import io.eksnet.model.Task;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What to stop and what to start to get from one set of tasks to another; the rest runs on. */
public record TaskDiff(List<Task> stop, List<Task> start) {
  public TaskDiff {
    stop = List.copyOf(stop);
    start = List.copyOf(start);
  }

  /** The difference between what runs and what is wanted; a task that changed is in both lists. */
  public static TaskDiff between(Collection<Task> running, Collection<Task> wanted) {
    return new TaskDiff(without(running, wanted), without(wanted, running));
  }

  private static List<Task> without(Collection<Task> from, Collection<Task> those) {
    Set<Task> gone = new LinkedHashSet<>(from);
    gone.removeAll(new java.util.HashSet<>(those));
    return List.copyOf(gone);
  }
}
