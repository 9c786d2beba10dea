package io.eksnet.web;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The state of all targets in one sentence.
 *
 * @param targets how many there are
 * @param failing how many failed in their last run
 * @param notProbed how many have no recent result
 */
record TargetsVerdict(int targets, int failing, int notProbed) {

  static TargetsVerdict of(Collection<Task> tasks, History history, Instant now) {
    var failing = 0;
    var notProbed = 0;
    var targets = tasks.stream().filter(TargetsVerdict::isCounted).toList();
    for (var task : targets) {
      switch (TargetState.of(task, history.lastResult(task), now)) {
        case FAILING -> failing++;
        case NOT_PROBED -> notProbed++;
        case HEALTHY -> {}
      }
    }
    return new TargetsVerdict(targets.size(), failing, notProbed);
  }

  /** A node component that does not respond may not be installed; diagnosis rules decide that. */
  private static boolean isCounted(Task task) {
    return !(task.key() instanceof SeriesKey.NodeComponentKey);
  }

  /** Whether every target succeeded recently. */
  boolean isClear() {
    return targets > 0 && failing == 0 && notProbed == 0;
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
    if (notProbed > 0) {
      parts.add(
          failing > 0
              ? notProbed + " not probed"
              : notProbed
                  + " of "
                  + targets
                  + (notProbed == 1 ? " targets is not probed" : " targets are not probed"));
    }
    return String.join(", ", parts);
  }
}
