package io.eksnet.web;

import io.eksnet.model.Outcome.Failure;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The state of all targets in one sentence, by the last run of each.
 *
 * @param targets how many are probed
 * @param failing how many failed in their last run
 * @param unknown how many have not run yet or of late, or could not
 */
record TargetsVerdict(int targets, int failing, int unknown) {
  /** A result this many intervals old says nothing of now. */
  private static final int STALE_AFTER = 3;

  static TargetsVerdict of(Collection<Task> tasks, History history, Instant now) {
    var failing = 0;
    var unknown = 0;
    var targets = tasks.stream().filter(TargetsVerdict::isOfVerdict).toList();
    for (var task : targets) {
      var oldest = now.minus(task.every().multipliedBy(STALE_AFTER));
      var last =
          history
              .last(task)
              .filter(seen -> seen.at().isAfter(oldest))
              .map(seen -> seen.outcome().worst());
      if (last.isEmpty() || last.get() instanceof NotRun) {
        unknown++;
      } else if (last.get() instanceof Failure) {
        failing++;
      }
    }
    return new TargetsVerdict(targets.size(), failing, unknown);
  }

  /** A part of the node that does not answer may not be installed; that is for others to judge. */
  private static boolean isOfVerdict(Task task) {
    return !(task.subject() instanceof SeriesKey.HostPart);
  }

  /** Whether every target is known to be well. */
  boolean clear() {
    return targets > 0 && failing == 0 && unknown == 0;
  }

  /** No data is not healthy, so what is unknown is said. */
  String text() {
    if (targets == 0) {
      return "Nothing is probed";
    }
    if (clear()) {
      return targets == 1 ? "All clear: 1 target" : "All clear: " + targets + " targets";
    }
    List<String> parts = new ArrayList<>();
    if (failing > 0) {
      parts.add(failing + " of " + targets + (failing == 1 ? " targets fails" : " targets fail"));
    }
    if (unknown > 0) {
      parts.add("nothing known of " + unknown + (failing > 0 ? "" : " of " + targets + " targets"));
    }
    return String.join(", ", parts);
  }
}
