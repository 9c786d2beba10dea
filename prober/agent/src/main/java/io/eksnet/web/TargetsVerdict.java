package io.eksnet.web;

import io.eksnet.model.Observation;
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
 * @param unknown how many have no recent result
 */
record TargetsVerdict(int targets, int failing, int unknown) {
  private static final int STALE_AFTER_INTERVALS = 3;

  static TargetsVerdict of(Collection<Task> tasks, History history, Instant now) {
    var failing = 0;
    var unknown = 0;
    var targets = tasks.stream().filter(TargetsVerdict::isCounted).toList();
    for (var task : targets) {
      var oldest = now.minus(task.interval().multipliedBy(STALE_AFTER_INTERVALS));
      var last =
          history.last(task).filter(seen -> seen.at().isAfter(oldest)).map(Observation::outcome);
      if (last.isEmpty() || !last.get().ran()) {
        unknown++;
      } else if (last.get().failed()) {
        failing++;
      }
    }
    return new TargetsVerdict(targets.size(), failing, unknown);
  }

  /** A node component that does not respond may not be installed; diagnosis rules decide that. */
  private static boolean isCounted(Task task) {
    return !(task.key() instanceof SeriesKey.NodeComponentKey);
  }

  /** Whether every target succeeded recently. */
  boolean isClear() {
    return targets > 0 && failing == 0 && unknown == 0;
  }

  /** The class of the style sheet. */
  String style() {
    if (isClear()) {
      return "good";
    }
    return failing > 0 ? "bad" : "";
  }

  /** Missing data is never shown as healthy. */
  String text() {
    if (targets == 0) {
      return "No targets";
    }
    if (isClear()) {
      return targets == 1 ? "All clear: 1 target" : "All clear: " + targets + " targets";
    }
    List<String> parts = new ArrayList<>();
    if (failing > 0) {
      parts.add(failing + " of " + targets + (failing == 1 ? " targets fails" : " targets fail"));
    }
    if (unknown > 0) {
      parts.add(
          "no recent result from " + unknown + (failing > 0 ? "" : " of " + targets + " targets"));
    }
    return String.join(", ", parts);
  }
}
